import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import {
  accessCodeSentence,
  makeBrokenPdf,
  makeEncryptedPdf,
  makeLongPdf,
  makePdf,
  makeScannedPdf,
  makeTruncatedPdf,
} from "../fixtures/make-pdf.ts";
import { makeWindowsProgram } from "../fixtures/make-windows-program.ts";
import { startProgram, visit } from "./program.ts";

describe("the program with nothing configured", () => {
  it("answers from a long PDF with its page, and after kill -9 from the same document without a new upload", async () => {
    const DATA_DIR = temporaryFolder();
    const first = await startProgram({ DATA_DIR });
    expect(first.output()).toMatch(/OPENAI_API_KEY[\s\S]*SLACK_BOT_TOKEN[\s\S]*DISCORD_TOKEN/);
    const before = visit(first, "general");
    const answer = await before.ask("What is the access code of room 117?", [
      { name: "rooms.pdf", bytes: await makeLongPdf(150) },
    ]);
    expect(answer.citations[0]).toMatchObject({ document: "rooms.pdf", page: 117 });
    expect(answer.citations[0]?.quote).toContain(accessCodeSentence(117));
    expect(answer.text).toMatch(/90117.*\[1\]/s);
    await first.stop("SIGKILL");

    const second = await startProgram({ DATA_DIR });
    const after = visit(second, "general");
    const next = await after.ask("And the access code of room 42?");
    expect(next.citations[0]).toMatchObject({ document: "rooms.pdf", page: 42 });
    expect((await after.documents()).map(({ name, pages, state }) => [name, pages, state])).toEqual([
      ["rooms.pdf", 150, "ready"],
    ]);
    expect((await after.messages()).map(({ author }) => author)).toEqual(["you", "docent", "you", "docent"]);
  });

  it("answers what was asked just before it was killed", async () => {
    const DATA_DIR = temporaryFolder();
    const first = await startProgram({ DATA_DIR });
    const { body } = await visit(first, "general").post("What is the access code of room 7?", [
      { name: "rooms.pdf", bytes: await makeLongPdf(60) },
    ]);
    await first.stop("SIGKILL");
    const second = await startProgram({ DATA_DIR });
    const answer = await visit(second, "general").answerOf(body.turn?.id ?? "");
    expect(answer.citations[0]).toMatchObject({ page: 7 });
    expect((await visit(second, "general").messages()).filter(({ author }) => author === "docent")).toHaveLength(1);
  });

  it("keeps a file posted without a question, and reads it when somebody asks", async () => {
    const program = await startProgram({ DATA_DIR: temporaryFolder() });
    const page = visit(program, "general");
    const { status, body } = await page.post("", [
      { name: "lease.pdf", bytes: await makePdf(["Parties.", "The deposit is 900 euros."]) },
    ]);
    expect([status, body.turn]).toEqual([202, null]);
    expect((await page.documents()).map(({ state }) => state)).toEqual(["noted"]);
    const answer = await page.ask("How much is the deposit?");
    expect(answer.citations[0]).toMatchObject({ document: "lease.pdf", page: 2 });
    expect((await page.documents()).map(({ state }) => state)).toEqual(["ready"]);
  });

  it("uses a channel's document in that channel only, and the team's knowledge in all", async () => {
    const program = await startProgram({ DATA_DIR: temporaryFolder() });
    const secret = await makePdf(["The launch code is tangerine."]);
    await visit(program, "red").ask("What is the launch code?", [{ name: "red.pdf", bytes: secret }]);
    const elsewhere = await visit(program, "blue").ask("What is the launch code?");
    expect(elsewhere.citations).toEqual([]);
    expect(elsewhere.text).not.toContain("tangerine");
    const form = new FormData();
    form.append(
      "files",
      new Blob([new Uint8Array(await makePdf(["Holidays are thirty days a year."]))]),
      "handbook.pdf",
    );
    expect((await fetch(`${program.url}/api/knowledge`, { method: "POST", body: form })).status).toBe(202);
    const answer = await visit(program, "blue").ask("How many days are holidays?");
    expect(answer.citations[0]).toMatchObject({ document: "handbook.pdf", page: 1 });
  });

  it("gives each bad file its sentence, answers from the good one, and stays up", async () => {
    const DATA_DIR = temporaryFolder();
    const program = await startProgram({ DATA_DIR, MAX_FILE_MB: "2" });
    const page = visit(program, "general");
    const answer = await page.ask("What is the access code of room 3?", [
      { name: "empty.pdf", bytes: Buffer.alloc(0) },
      { name: "truncated.pdf", bytes: await makeTruncatedPdf() },
      { name: "broken.pdf", bytes: makeBrokenPdf() },
      { name: "locked.pdf", bytes: await makeEncryptedPdf() },
      { name: "scan.pdf", bytes: await makeScannedPdf() },
      { name: "setup.pdf", bytes: makeWindowsProgram() },
      { name: "huge.txt", bytes: Buffer.alloc(3 * 1024 * 1024, "words ") },
      { name: "../../etc/passwd.pdf", bytes: await makeLongPdf(5) },
    ]);
    for (const sentence of [
      "“empty.pdf” is empty",
      "can’t open “truncated.pdf”",
      "can’t open “broken.pdf”",
      "“locked.pdf” is protected with a password",
      "“scan.pdf” has no text",
      "can’t read “setup.pdf”: EXE",
      "“huge.txt” is larger than 2 MB",
    ]) {
      expect(answer.text).toContain(sentence);
    }
    expect(answer.citations[0]).toMatchObject({ document: "passwd.pdf", page: 3 });
    expect(readdirSync(path.join(DATA_DIR, "files")).every((name) => /^[\w-]+$/.test(name))).toBe(true);
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
  });

  it("forgets a channel: nothing of it is left in the data folder", async () => {
    const DATA_DIR = temporaryFolder();
    const program = await startProgram({ DATA_DIR });
    const page = visit(program, "general");
    await page.ask("What is the launch code?", [
      { name: "red.pdf", bytes: await makePdf(["The launch code is tangerine."]) },
    ]);
    expect(await page.forget()).toMatchObject({ deleted: { documents: 1 } });
    expect(await page.messages()).toEqual([]);
    expect(await page.documents()).toEqual([]);
    expect(readdirSync(path.join(DATA_DIR, "files"))).toEqual([]);
    const answer = await page.ask("What is the launch code?");
    expect(answer.citations).toEqual([]);
  });

  it("stops cleanly on SIGTERM", async () => {
    const program = await startProgram({ DATA_DIR: temporaryFolder() });
    const events = await fetch(`${program.url}/api/channels/general/events`);
    expect(await program.stop("SIGTERM")).toBe(0);
    await events.body?.cancel().catch(() => undefined);
  });
});

describe("starting", () => {
  it("with mistakes in the configuration lists all of them and ends", async () => {
    const start = startProgram({ DATA_DIR: temporaryFolder(), PORT: "many", SLACK_BOT_TOKEN: "xoxb-4711" });
    await expect(start).rejects.toThrow(/2 problems[\s\S]*SLACK_APP_TOKEN[\s\S]*PORT must be/);
  });

  it("twice on one data folder tells the second one so", async () => {
    const DATA_DIR = temporaryFolder();
    await startProgram({ DATA_DIR });
    await expect(startProgram({ DATA_DIR })).rejects.toThrow(/already running/);
  });

  it("for other machines asks for the token, and lets nobody in without it", async () => {
    const token = "a-long-random-token";
    const program = await startProgram({ DATA_DIR: temporaryFolder(), HOST: "0.0.0.0", WEB_TOKEN: token });
    const url = program.url.replace("0.0.0.0", "127.0.0.1");
    expect((await fetch(`${url}/api/channels/general/messages`)).status).toBe(401);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const page = visit({ url }, "general", { authorization: `Bearer ${token}` });
    expect(await page.messages()).toEqual([]);
    expect(program.output()).not.toContain(token);
  });
});
