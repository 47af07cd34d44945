import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makeCjkPdf } from "../fixtures/make-cjk-pdf.ts";
import { openDiscord, openSlack } from "./chats.ts";
import { startProgram } from "./program.ts";

const RULES = makeCjkPdf("japanese", [
  "就業規則\n第一条 目的",
  "年次有給休暇は毎年15日とする。\n翌年に繰り越すことはできない。",
  "出張の宿泊費は一泊12000円までとする。",
]);

const TRANSCRIPTS = path.join(tmpdir(), "docent-transcripts");

/** Names, addresses, and what the transcript itself says: any other word in it would be English that was left. */
const NO_WORDS = /Docent|rules\.pdf|https?:\/\/[^\s)]+|<@\w+>|\[file |\(only you\)|\(only Ann sees this\)/g;

describe.for([
  ["Slack", () => openSlack({ locale: "ja-JP" })],
  ["Discord", () => openDiscord({ locale: "ja" })],
] as const)("a talk in Japanese on %s, through the whole program", ([name, open]) => {
  it("is Japanese from the first word to the last, with the page of the answer", async () => {
    const chat = await open();
    const program = await startProgram({ DATA_DIR: temporaryFolder(), ...chat.env });
    await chat.connected(program);
    const said = (text: string): Promise<string> =>
      chat.until(() => chat.answers().findLast((answer) => answer.includes(text)));

    chat.ask("年次有給休暇は何日ですか？", [{ name: "rules.pdf", bytes: RULES }]);
    const answer = await said("15日");
    expect(answer).toContain("モデルが設定されていないため、ドキュメントの記載をそのままお見せします。");
    expect(answer).toMatch(/rules\.pdf.*、? ?2 ページ/);

    chat.command("docs");
    expect(await said("このチャンネルのドキュメント（1 件）:")).toContain("3 ページ · 利用可能 · ");
    chat.command("usage");
    expect(await said("今日: 質問")).toContain("トークン");

    const transcript = chat.transcript();
    mkdirSync(TRANSCRIPTS, { recursive: true });
    writeFileSync(path.join(TRANSCRIPTS, `${name.toLowerCase()}-japanese.txt`), `${transcript}\n`);
    const words = transcript.replaceAll(NO_WORDS, "").match(/[A-Za-z]+/g) ?? [];
    expect(words.filter((word) => word !== "Ann")).toEqual([]);
  });
});
