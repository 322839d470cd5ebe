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
