import { REST } from "@discordjs/rest";
import { expect, it } from "vitest";
import { hasRoom } from "../../../src/bots/discord/posting/has-room.ts";

it.each([
  { label: "nothing was asked yet", resetsInMs: null, remaining: 50, room: true },
  { label: "most of this second's requests are left", resetsInMs: 60_000, remaining: 40, room: true },
  { label: "half of them are used up", resetsInMs: 60_000, remaining: 25, room: false },
  { label: "that second is over", resetsInMs: -1, remaining: 0, room: true },
])("a sign that Docent works may go out: $label → $room", ({ resetsInMs, remaining, room }) => {
  const rest = new REST();
  if (resetsInMs !== null) rest.globalReset = Date.now() + resetsInMs;
  rest.globalRemaining = remaining;
  expect(hasRoom(rest)).toBe(room);
});
