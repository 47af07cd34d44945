import { describe, expect, it } from "vitest";
import { addDays, isTimeZone, toDay, toNextDayAt } from "../../src/core/calendar.ts";

describe("a day", () => {
  it.for([
    ["UTC", "2026-11-26T23:59:59.999Z", "2026-11-26", "2026-11-27T00:00:00.000Z"],
    ["Asia/Seoul", "2026-11-26T15:00:00.000Z", "2026-11-27", "2026-11-27T15:00:00.000Z"],
    ["America/Los_Angeles", "2026-11-26T07:59:59.999Z", "2026-11-25", "2026-11-26T08:00:00.000Z"],
    // The clocks go back: a day of 25 hours.
    ["Europe/Berlin", "2026-10-24T22:00:00.000Z", "2026-10-25", "2026-10-25T23:00:00.000Z"],
    // They go forward at midnight: the day begins at one o'clock.
    ["Africa/Cairo", "2026-04-23T12:00:00.000Z", "2026-04-23", "2026-04-23T22:00:00.000Z"],
  ] as const)("of %s at %s is %s and ends at %s", ([zone, at, day, next]) => {
    expect(toDay(Date.parse(at), zone)).toBe(day);
    expect(new Date(toNextDayAt(Date.parse(at), zone)).toISOString()).toBe(next);
  });

  it("is counted on over months and years", () => {
    expect([addDays("2026-12-31", 1), addDays("2028-03-01", -1)]).toEqual(["2027-01-01", "2028-02-29"]);
  });

  it("needs a zone that there is", () => {
    expect([isTimeZone("Asia/Seoul"), isTimeZone("UTC"), isTimeZone("Mars/Olympus")]).toEqual([true, true, false]);
  });
});
