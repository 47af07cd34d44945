import { InputError } from "./input.ts";

/** @throws InputError that says where it is no JSON, without a word of what stands there */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const before = text.slice(0, findWrong(text)).split("\n");
    throw new InputError(
      place,
      `it is no JSON from line ${before.length}, column ${(before.at(-1) ?? "").length + 1} on.`,
    );
  }
}

/** How many characters may still be the beginning of JSON. V8 tells it for some mistakes only. */
function findWrong(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function mayGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const seen = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(seen)?.[1];
    return /Unexpected end|Unterminated/.test(seen) || Number(position) === start.length;
  }
}
