/**
 * Kubernetes quantities (`1Gi`, `500m`, `1e3`), as far as a definition needs them.
 * Never here: formatting; a quantity is handed on as the user wrote it.
 */
const number = '([0-9]+(\\.[0-9]*)?|\\.[0-9]+)';
const suffix = '([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?';
/** Zero or more, as Kubernetes reads it; negative amounts are no resources. RE2 and JavaScript alike. */
export const QUANTITY_PATTERN = `^\\+?${number}${suffix}$`;
/** More than zero. */
export const POSITIVE_QUANTITY_PATTERN = `^\\+?([0-9]*[1-9][0-9]*(\\.[0-9]*)?|[0-9]*\\.[0-9]*[1-9][0-9]*)${suffix}$`;
/** `digits` before the point at most, leading zeros aside; the last ones may be bounded further. */
const upTo = (digits: string, units: string): string => `${digits}([.][0-9]*)?${units}`;
/**
 * Less than 2^63, beyond which Kubernetes takes the greatest amount it can hold for the one that was
 * written. CEL of 1.28 cannot compare amounts, so each unit has as many digits as are sure to fit;
 * brackets instead of backslashes, which CEL would have to have twice.
 */
export const HELD_QUANTITY_PATTERN = `^[+]?0*(${[
  upTo('[0-9]{0,18}', '[num]?'),
  upTo('[0-9]{0,15}', '(k|Ki)'),
  upTo('[0-9]{0,12}', '(M|Mi)'),
  upTo('[0-9]{0,9}', '(G|Gi)'),
  upTo('[0-9]{0,6}', '(T|Ti)'),
  upTo('[0-9]{0,3}', '(P|Pi)'),
  upTo('[0-8]?', 'E'),
  upTo('[0-7]?', 'Ei'),
  upTo('[0-9]{0,3}', '[eE](-[0-9]+|[+]?0*([0-9]|1[0-5]))'),
  upTo('[0-9]?', '[eE][+]?0*1[67]'),
].join('|')})$`;
/** Longest quantity. */
export const QUANTITY_MAX_CHARACTERS = 32;

const quantity = new RegExp(QUANTITY_PATTERN);

const scales: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** @returns the amount in its base unit (bytes, cores); undefined for what is no quantity. */
export function amountOf(text: string | number): number | undefined {
  const written = String(text);
  if (!quantity.test(written)) return undefined;
  const [, mantissa = '', unit = ''] = /^\+?([0-9.]+)(.*)$/.exec(written) ?? [];
  const scale = scales[unit] ?? (unit === '' ? 1 : Number(`1${unit}`));
  return Number(mantissa) * scale;
}
