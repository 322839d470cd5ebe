/**
 * Amounts as Kubernetes writes them back: `1024Mi` is `1Gi`, `0.5` is `500m`. Exact, as in Go's
 * resource.Quantity; below 1n it rounds up.
 * Never here: which field is an amount.
 */

/** Exact: `units` times 10^-9. */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: 'decimal' | 'exponent' | 'binary';
}

export const quantityFormatFault =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffixFault = "unable to parse quantity's suffix";

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** @returns the amount, or what is wrong as Go words it. */
export function parseQuantity(text: string): Quantity | string {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([a-zA-Z]*[-+]?[0-9]*)$/.exec(text);
  const [, sign = '', whole = '', part = '', suffix = ''] = match ?? [];
  if (match === null || whole + part === '') return quantityFormatFault;
  const scale = scaleOf(suffix);
  if (scale === undefined) {
    return /^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix) ? suffixFault : quantityFormatFault;
  }
  const digits = BigInt(whole + part) * scale.factor;
  const nanos = scaledUp(digits, 9 + scale.exponent - part.length);
  return { nanos: sign === '-' ? -nanos : nanos, format: scale.format };
}

function scaleOf(suffix: string) {
  const ten = decimal[suffix];
  if (ten !== undefined) return { factor: 1n, exponent: ten, format: 'decimal' } as const;
  const two = binary[suffix];
  if (two !== undefined) {
    return { factor: 1n << BigInt(two), exponent: 0, format: 'binary' } as const;
  }
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)?.[1];
  if (exponent === undefined) return undefined;
  return { factor: 1n, exponent: Number(exponent), format: 'exponent' } as const;
}

/** Rounds away from zero what is smaller than one. */
function scaledUp(digits: bigint, exponent: number): bigint {
  if (exponent >= 0) return digits * 10n ** BigInt(Math.min(exponent, 60));
  const by = 10n ** BigInt(Math.min(-exponent, 400));
  return (digits + by - 1n) / by;
}

const billion = 1_000_000_000n;

export function formatQuantity({ nanos, format }: Quantity): string {
  const magnitude = nanos < 0n ? -nanos : nanos;
  if (nanos === 0n) return '0';
  const sign = nanos < 0n ? '-' : '';
  const isBinary =
    format === 'binary' && magnitude >= 1024n * billion && magnitude % billion === 0n;
  if (isBinary) return sign + binaryText(magnitude / billion);
  let mantissa = magnitude;
  let exponent = -9;
  while (mantissa % 1000n === 0n && exponent < 18) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format === 'exponent') return `${sign}${mantissa}${exponent === 0 ? '' : `e${exponent}`}`;
  const suffix = Object.keys(decimal).find((key) => decimal[key] === exponent) ?? '';
  return `${sign}${mantissa}${suffix}`;
}

function binaryText(units: bigint): string {
  let mantissa = units;
  let exponent = 0;
  while (mantissa % 1024n === 0n && exponent < 60) {
    mantissa /= 1024n;
    exponent += 10;
  }
  const suffix = Object.keys(binary).find((key) => binary[key] === exponent) ?? '';
  return `${mantissa}${suffix}`;
}

/** Of what decoding has made: never malformed. */
export function nanosOf(text: unknown): bigint {
  const parsed = parseQuantity(String(text));
  return typeof parsed === 'string' ? 0n : parsed.nanos;
}
