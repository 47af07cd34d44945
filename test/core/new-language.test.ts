import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A made-up Polish: English in brackets, with the four plural forms that Polish has. */
const POLISH = `
import { page as englishPage, texts as english } from "./en.ts";
import type { PageTexts, SearchWords, Texts } from "./language.ts";

const mark = <T extends Readonly<Record<string, string>>>(texts: T): T =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, "[" + text + "]"])) as T;

export const texts: Texts = {
  ...mark(english),
  "turn.queued_behind": "{position} {position|pytanie|pytania|pytań|pytania}",
};
export const page: PageTexts = mark(englishPage);
export const search: SearchWords = { stopWords: ["gdzie"], questionWords: [], titlePage: null, wholeDocument: null };
`;

/** Tells what the program makes of a language. */
const LOOK = `
import { toCommandDefinitions } from "./src/bots/discord/commands/command-definitions.ts";
import { parseConfig } from "./src/config.ts";
import { LANGUAGE_TAGS } from "./src/core/texts/languages.ts";
import { toPageTexts } from "./src/core/texts/page-texts.ts";
import { text } from "./src/core/texts/text.ts";
import { STOP_WORDS } from "./src/engines/local/stop-words.ts";

const [command] = toCommandDefinitions();
console.log(JSON.stringify({
  tags: LANGUAGE_TAGS,
  configured: parseConfig({ LANGUAGE: "pl" }).language,
  plurals: [1, 3, 5, 22, 1.5].map((position) => text("turn.queued_behind", "pl-PL", { position })),
  size: text("error.file_too_large", "pl", { name: "a.pdf", maxMb: 2.5 }),
  page: toPageTexts("pl")["composer.send"],
  command: command.description_localizations.pl,
  isStopWord: STOP_WORDS.has("gdzie"),
}));
`;

const copy = mkdtempSync(path.join(tmpdir(), "docent-language-"));
beforeAll(() => {
  cpSync("src", path.join(copy, "src"), { recursive: true });
  cpSync("package.json", path.join(copy, "package.json"));
  symlinkSync(path.resolve("node_modules"), path.join(copy, "node_modules"));
  writeFileSync(path.join(copy, "src/core/texts/pl.ts"), POLISH);
  writeFileSync(path.join(copy, "look.ts"), LOOK);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("a language", () => {
  it("is added by one file", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ["look.ts"], { cwd: copy });
    expect(JSON.parse(stdout)).toEqual({
      tags: ["en", "ja", "ko", "pl"],
      configured: "pl",
      plurals: ["1 pytanie", "3 pytania", "5 pytań", "22 pytania", "1,5 pytania"],
      size: "[“a.pdf” is larger than 2,5 MB. Please split it or post a smaller version.]",
      page: "[Send]",
      command: "[Ask questions about your documents]",
      isStopWord: true,
    });
  });

  it("with a text missing is a type error", async () => {
    writeFileSync(path.join(copy, "src/core/texts/pl.ts"), POLISH.replace("...mark(english),", ""));
    cpSync("tsconfig.json", path.join(copy, "tsconfig.json"));
    const check = promisify(execFile)(path.resolve("node_modules/.bin/tsc"), ["--noEmit", "-p", "tsconfig.json"], {
      cwd: copy,
    });
    await expect(check).rejects.toMatchObject({
      stdout: expect.stringMatching(/src\/core\/texts\/pl\.ts.*error TS\d+.*missing the following properties/),
    });
  });
});
