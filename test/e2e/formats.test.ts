import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { createKeyedLock } from "../../src/core/keyed-lock.ts";
import type { Engine } from "../../src/core/ports/engine.ts";
import { placeText } from "../../src/core/texts/place-text.ts";
import { createLocalEngine } from "../../src/engines/local/local-engine.ts";
import { createPassageIndex } from "../../src/engines/local/passage-index.ts";
import { createSqlitePostings } from "../../src/engines/local/sqlite-postings.ts";
import { createOpenAIEngine } from "../../src/engines/openai/openai-engine.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { createStores } from "../engines/openai/talk.ts";
import { silentLog, startCore, type CoreUnderTest } from "../fakes/core-under-test.ts";
import { createManualClock } from "../fakes/manual-clock.ts";
import { sampleIncoming } from "../fakes/sample-data.ts";
import { SMALL_GIF, SMALL_JPEG, SMALL_WEBP } from "../fixtures/make-image.ts";
import { makeDocx, makePptx, makeXlsx } from "../fixtures/make-office.ts";
import { makeEpub, makeOdp, makeOds, makeOdt } from "../fixtures/make-open-document.ts";
import { makePdf, makeScannedPdf } from "../fixtures/make-pdf.ts";
import { makePng } from "../fixtures/make-png.ts";
import { makeTar, makeTgz } from "../fixtures/make-tar.ts";
import { makeWindowsProgram } from "../fixtures/make-windows-program.ts";
import { makeZip } from "../fixtures/make-zip.ts";
import { contentParts } from "../servers/openai/state.ts";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";

const QUESTION = "What is the access code of the boiler room?";
const CODE = "The access code of the boiler room is 90217.";
const ROWS = [
  ["Room", "Note"],
  ["Boiler room", CODE],
];
const INNER = { "docs/rooms.md": `# Rooms\n\n${CODE}\n`, "readme.txt": "Nothing of interest." };
const TAR = Object.entries(INNER).map(([name, content]) => ({ name, content }));
const OLD_OFFICE = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(512)]);
/** "The lift" in Korean, in the code page of Korean Windows, with the sentence behind it. */
const KOREAN = Buffer.concat([Buffer.from("bdc2b0adb1e2", "hex"), Buffer.from(`\n${CODE}\n`)]);

/** What each file becomes: what the local engine cites, and OpenAI when it is given whole and when it is searched. */
const IMAGE = ["left out: image_needs_model", "seen as input_image", "seen as input_image"] as const;
const line = (name: string, number = 1): readonly [string, string, string] => {
  const cited = `cited: ${name}, line ${number}`;
  return [cited, `${cited}; input_file`, `${cited}; file_search`];
};
const place = (name: string, where: string): readonly [string, string, string] => {
  const cited = `cited: ${name}, ${where}`;
  return [cited, `${cited}; input_file`, `${cited}; file_search`];
};
const refused = (code: string): readonly [string, string, string] => [code, code, code];

type Row = readonly [name: string, bytes: Uint8Array | string, outcomes: readonly [string, string, string]];

async function createRows(): Promise<Row[]> {
  const comments: readonly (readonly [extension: string, text: string])[] = [
    ...["c", "cpp", "java", "js", "ts", "go", "rs", "css"].map((extension) => [extension, `/* ${CODE} */`] as const),
    ...["py", "rb", "sh", "yaml"].map((extension) => [extension, `# ${CODE}`] as const),
    ["php", `<?php // ${CODE}`],
    ["tex", `\\section{Rooms} ${CODE}`],
    ["json", JSON.stringify({ note: CODE })],
    ["xml", `<?xml version="1.0"?><note>${CODE}</note>`],
    ["md", CODE],
    ["txt", CODE],
  ];
  const section = "section “Rooms”";
  return [
    ...comments.map(([extension, text]): Row => [`rooms.${extension}`, text, line(`rooms.${extension}`)]),
    ["korean.txt", KOREAN, line("korean.txt", 2)],
    ["rooms.csv", ROWS.map((row) => row.join(",")).join("\n"), line("rooms.csv", 2)],
    ["rooms.html", `<script>hide()</script><h1>Rooms</h1><p>${CODE}</p>`, place("rooms.html", section)],
    ["rooms.pdf", await makePdf(["The first page.", CODE]), place("rooms.pdf", "p. 2")],
    ["rooms.docx", makeDocx(["Before", "# Rooms", CODE]), place("rooms.docx", section)],
    ["notes.txt", `Wifi: Larch\n\nPrinter: room 12\n${CODE}\nAlarm: 22:00\n`, line("notes.txt", 4)],
    ["notes.docx", makeDocx(["Before", "Wifi: Larch", CODE, "After"]), line("notes.docx", 3)],
    ["rooms.pptx", makePptx(["The first slide.", CODE]), place("rooms.pptx", "slide 2")],
    ["rooms.xlsx", makeXlsx({ Empty: [["x"]], Rooms: ROWS }), place("rooms.xlsx", "sheet “Rooms”")],
    ["rooms.odt", makeOdt(["Before", "# Rooms", CODE]), place("rooms.odt", section)],
    ["rooms.ods", makeOds({ Rooms: ROWS }), place("rooms.ods", "sheet “Rooms”")],
    ["rooms.odp", makeOdp(["The first slide.", CODE]), place("rooms.odp", "slide 2")],
    ["rooms.epub", makeEpub({ Beginning: "It was dark.", Rooms: CODE }), place("rooms.epub", section)],
    ["a.zip", makeZip(INNER), line("a.zip/docs/rooms.md", 3)],
    ["a.tar", makeTar(TAR), line("a.tar/docs/rooms.md", 3)],
    ["a.tgz", makeTgz(TAR), line("a.tgz/docs/rooms.md", 3)],
    ["a.png", makePng(), IMAGE],
    ["a.jpeg", SMALL_JPEG, IMAGE],
    ["a.jpg", SMALL_JPEG, IMAGE],
    ["a.gif", SMALL_GIF, IMAGE],
    ["a.webp", SMALL_WEBP, IMAGE],
    [
      "scan.pdf",
      await makeScannedPdf(2),
      ["refused: file_scanned", "cited: scan.pdf; input_file", "asks first: scan_costs"],
    ],
    ["old.doc", OLD_OFFICE, refused("refused: file_unsupported")],
    ["old.xls", OLD_OFFICE, refused("refused: file_unsupported")],
    ["letter.rtf", "{\\rtf1 hello}", refused("refused: file_unsupported")],
    ["setup.exe", makeWindowsProgram(), refused("refused: file_unsupported")],
  ];
}

const reader = createReader();
afterAll(() => reader.stop());

/** Asks about one file in a channel of its own, and puts into words what came of it. */
async function tryFile(core: CoreUnderTest, [name, bytes]: Row, server?: OpenAIServer): Promise<string> {
  const key = `test:${name}`;
  const channel = { key, workspace: key, isDirect: false, isShared: false };
  core.bot.files.set(key, Buffer.from(bytes));
  const asked = server?.to("responses.create").length ?? 0;
  const posted = core.bot.posted.length;
  const attachments = [{ key, name, sizeBytes: null, reference: null }];
  const { documents } = await core.docent.accept(
    sampleIncoming({ key, channel, conversation: key, text: QUESTION, attachments }),
  );
  await core.bot.posts(posted + 1);
  const answer = core.bot.posted.at(-1);
  const file = await core.options.documents.get(documents[0]?.id ?? "");
  if (file?.state === "failed") return `refused: ${file.problem?.code}`;
  if (answer?.text.includes("I can’t see pictures")) return "left out: image_needs_model";
  if (answer?.kind === "error") return `asks first: ${answer.text.includes("is a scan") ? "scan_costs" : answer.text}`;
  const input = server?.to("responses.create")[asked]?.body ?? {};
  const kinds = [
    ...(Array.isArray(input["input"]) ? input["input"] : []).flatMap(contentParts).map((part) => String(part["type"])),
    "tools" in input ? "file_search" : "",
  ].filter((kind) => kind !== "" && kind !== "input_text");
  const how = kinds.length === 0 ? "" : `; ${[...new Set(kinds)].join(" ")}`;
  const [citation] = answer?.citations ?? [];
  if (citation === undefined) return how === "" ? `no source: ${answer?.text}` : `seen as ${how.slice(2)}`;
  const where = citation.place === null ? "" : `, ${placeText(citation.place, "en")}`;
  return `cited: ${citation.document}${where}${how}`;
}

/** The table as it is found and as it is expected, one line for each format. */
async function tryAll(engine: Engine, column: 0 | 1 | 2, server?: OpenAIServer) {
  const core = startCore({ reader, engines: [engine] });
  const found: string[] = [];
  const expected: string[] = [];
  for (const row of await createRows()) {
    found.push(`${row[0]}: ${await tryFile(core, row, server)}`);
    expected.push(`${row[0]}: ${row[2][column]}`);
  }
  await core.stop();
  return { found, expected };
}

async function startOpenAI(inlineMaxTokens: number): Promise<{ engine: Engine; server: OpenAIServer }> {
  const server = await startOpenAIServer({ runTimeMs: 1 });
  const engine = createOpenAIEngine({
    apiKey: "test-key",
    baseUrl: server.url,
    model: "gpt-6-luna",
    inlineMaxTokens,
    stores: createStores(),
    lock: createKeyedLock(),
    // Pauses between looks at an index pass at once.
    clock: createManualClock({ startAt: Date.now(), skipUpTo: 2_000 }),
    log: silentLog,
  });
  onTestFinished(async () => {
    await engine.stop();
    await server.close();
  });
  return { engine, server };
}

describe("every format that people post", () => {
  it("is cited with its place by the local engine, or refused in words", { timeout: 60_000 }, async () => {
    const { found, expected } = await tryAll(
      createLocalEngine({ index: createPassageIndex(createSqlitePostings(new DatabaseSync(":memory:"))) }),
      0,
    );
    expect(found).toEqual(expected);
  });

  it("is given to OpenAI's model whole while it is short, and cited with its place", { timeout: 60_000 }, async () => {
    const { engine, server } = await startOpenAI(6_000);
    const { found, expected } = await tryAll(engine, 1, server);
    expect(found).toEqual(expected);
  });

  it("is searched at OpenAI when it is long, and cited with its place", { timeout: 60_000 }, async () => {
    const { engine, server } = await startOpenAI(1);
    const { found, expected } = await tryAll(engine, 2, server);
    expect(found).toEqual(expected);
  });

  it("says what a long scan costs, and goes ahead when the button is pressed", async () => {
    const { engine, server } = await startOpenAI(1);
    const core = startCore({ reader, engines: [engine] });
    const scan: Row = ["scan.pdf", await makeScannedPdf(4), refused("")];
    expect(await tryFile(core, scan, server)).toBe("asks first: scan_costs");
    const [told] = core.bot.posted;
    expect(told).toMatchObject({ kind: "error", canRetry: true });
    expect(told?.text).toContain("its 4 pages have no text");
    expect(told?.text).toContain("about 12,000 tokens ($0.0012)");
    expect(server.to("responses.create")).toHaveLength(0);
    expect(await core.docent.retry(told?.turnId ?? "")).toBe(true);
    await core.bot.posts(2);
    expect(core.bot.posted[1]).toMatchObject({ kind: "answer", citations: [{ document: "scan.pdf", place: null }] });
    expect(server.to("responses.create")).toHaveLength(1);
  });
});
