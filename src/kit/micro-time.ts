/**
 * An instant as Kubernetes' MicroTime and the lease files write it, counted by arithmetic alone, so that
 * pure folders may write one.
 * Never here: what time it is.
 */

const DAY_MS = 86_400_000;

/** RFC 3339 in UTC with six digits. @param wallMs since 1970, up to the year 9999. */
export function microTime(wallMs: number): string {
  const wholeMs = Math.floor(wallMs);
  const days = Math.floor(wholeMs / DAY_MS);
  const seconds = Math.floor((wholeMs - days * DAY_MS) / 1_000);
  const time = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => digits(part, 2));
  const micros = digits((wallMs - wholeMs) * 1_000, 3);
  return `${dateOf(days)}T${time.join(':')}.${digits(wholeMs % 1_000, 3)}${micros}Z`;
}

/** Gregorian, by years that begin with March, so that a leap day is the last of its year. */
function dateOf(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

function digits(value: number, count: number): string {
  return String(Math.floor(value)).padStart(count, '0');
}
