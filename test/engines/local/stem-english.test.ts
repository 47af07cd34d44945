import { expect, test } from "vitest";

import { stemEnglish } from "../../../src/engines/local/stem-english.ts";

// From the vocabulary that M. F. Porter publishes with the algorithm.
test.each([
  ["caresses", "caress"],
  ["ponies", "poni"],
  ["cats", "cat"],
  ["agreed", "agre"],
  ["plastered", "plaster"],
  ["motoring", "motor"],
  ["sing", "sing"],
  ["hopping", "hop"],
  ["falling", "fall"],
  ["filing", "file"],
  ["happy", "happi"],
  ["sky", "sky"],
  ["relational", "relat"],
  ["conditional", "condit"],
  ["generalizations", "gener"],
  ["electrical", "electr"],
  ["hopefulness", "hope"],
  ["adjustment", "adjust"],
  ["adoption", "adopt"],
  ["controlling", "control"],
  ["rate", "rate"],
  ["as", "as"],
  ["mp3s", "mp3s"],
])("stemEnglish turns %s into %s", (word, stem) => {
  expect(stemEnglish(word)).toBe(stem);
});
