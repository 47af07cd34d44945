const HOUR_MS = 60 * 60_000;
/** No calendar day is longer: those that end daylight saving time have 25 hours, and zones have skipped back by less. */
const LONGEST_DAY_MS = 49 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of a moment (milliseconds since the epoch) in a time zone (IANA), as `2026-11-26`. */
export function toDay(at: number, timeZone: string): string {
  // Made once for each zone: making one takes longer than a question may wait for it.
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en", { calendar: "iso8601", timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}

/** The first moment of the next day in a time zone. Midnight, but where the clocks leave that hour out. */
export function toNextDayAt(at: number, timeZone: string): number {
  const today = toDay(at, timeZone);
  let [before, after] = [at, at + LONGEST_DAY_MS];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (toDay(middle, timeZone) === today) before = middle;
    else after = middle;
  }
  return after;
}

/** The day so many days later, or with a negative number earlier. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/** Whether `Intl` knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
