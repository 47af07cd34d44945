import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { makeZip } from "../fixtures/make-zip.ts";
import { openDiscord, openSlack, type Chat, type Said } from "./chats.ts";
import { startOpenAIServer, type OpenAIServer } from "../servers/openai-server.ts";
import { startProgram, visit, type Program } from "./program.ts";

const SECRET = "KINGFISHER-77231";
const PADDING = Array.from({ length: 40 }, (_, page) => `Page ${page}: ${"The meeting took note of it. ".repeat(60)}`);

/** One short, given whole; one long, searched; one in an archive. */
async function secretFiles() {
  const page = `The access word is ${SECRET}.`;
  return [
    { name: "short.pdf", bytes: await makePdf([page]) },
    { name: "long.pdf", bytes: await makePdf([page, ...PADDING]) },
    { name: "more.zip", bytes: makeZip({ "inner.txt": page }) },
  ];
}

function holdsSecret(file: string): boolean {
  try {
    return statSync(file).isFile() && readFileSync(file).includes(SECRET);
  } catch (error) {
    // It was deleted since the folder was listed.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** What is left anywhere: at OpenAI by kind, and files of the data folder that hold the secret. */
function leftOvers(server: OpenAIServer, folder: string): readonly string[] {
  const { files, vectorStores, conversations, orphanItems } = server.state;
  const items = [...conversations.values()].flatMap((conversation) => conversation.items);
  const told = [...items, ...orphanItems].filter((item) => JSON.stringify(item).includes(SECRET));
  const onDisk = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => holdsSecret(file));
  return [
    ...[...files.values()].map(({ filename }) => `file ${filename}`),
    ...[...vectorStores.keys()].map((id) => `store ${id}`),
    ...told.map(() => "an item of a conversation"),
    ...onDisk.map((file) => path.basename(file)),
  ];
}

interface Scene {
  readonly server: OpenAIServer;
  readonly folder: string;
  readonly env: Record<string, string>;
  program: Program;
}

async function start(env: Readonly<Record<string, string>>): Promise<Scene> {
  const server = await startOpenAIServer();
  onTestFinished(() => server.close());
  const folder = temporaryFolder();
  const all = { DATA_DIR: folder, OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.url, ...env };
  return { server, folder, env: all, program: await startProgram(all) };
}

async function killAndStart(scene: Scene): Promise<void> {
  await scene.program.stop("SIGKILL");
  scene.program = await startProgram(scene.env);
}

/** Kills the program as soon as another file was deleted at OpenAI than those that were before. */
async function killInTheMiddle(scene: Scene, before: number): Promise<void> {
  await scene.server.whenRequested("files.delete", before + 1);
  await killAndStart(scene);
}

/** Waits until nothing is left, or for half a minute: a program killed in the middle goes on at its next start. */
async function whatIsLeft({ server, folder }: Scene): Promise<readonly string[]> {
  const until = performance.now() + 30_000;
  for (;;) {
    const left = leftOvers(server, folder);
    if (left.length === 0 || performance.now() > until) return left;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

type Platform = "Slack" | "Discord";
const open = { Slack: openSlack, Discord: openDiscord };

async function askOn(platform: Platform): Promise<{ scene: Scene; chat: Chat; question: Said }> {
  const chat = await open[platform]();
  const scene = await start(chat.env);
  await chat.connected(scene.program);
  const question = chat.ask("What is the access word?", await secretFiles());
  await chat.until(() => chat.answers().find((answer) => answer.includes(SECRET)));
  await expect.poll(() => leftOvers(scene.server, scene.folder)).not.toEqual([]);
  return { scene, chat, question };
}

describe.each([
  ["a message", (chat: Chat, question: Said) => chat.remove(question)],
  [
    "a channel that is to be forgotten",
    async (chat: Chat) => {
      chat.command("forget");
      await chat.until(() => chat.answers().some((answer) => answer.includes("everything")) || undefined);
      chat.press("Forget this channel");
    },
  ],
] as const)("of %s that was deleted", (_, remove) => {
  it.each([
    ["Slack", false],
    ["Slack", true],
    ["Discord", false],
    ["Discord", true],
  ] as const)("nothing is left, on %s, killed in the middle: %s", async (platform, isKilled) => {
    const { scene, chat, question } = await askOn(platform);
    const deletions = scene.server.to("files.delete").length;
    await remove(chat, question);
    if (isKilled) await killInTheMiddle(scene, deletions);
    expect(await whatIsLeft(scene)).toEqual([]);
  });
});

describe("on Slack, nothing is left", () => {
  it.each([
    [
      "of a file that was deleted",
      async (chat: Awaited<ReturnType<typeof openSlack>>) => {
        const ids = chat.server.world.messages.flatMap(({ files }) => files);
        for (const id of ids) await chat.server.people.deleteFile(id)?.done;
      },
    ],
    [
      "of a channel that was deleted",
      (chat: Awaited<ReturnType<typeof openSlack>>) => chat.server.people.deleteChannel("C1")?.done,
    ],
    [
      "after the app was removed",
      (chat: Awaited<ReturnType<typeof openSlack>>) => chat.server.people.uninstall()?.done,
    ],
  ] as const)("%s", async (_, act) => {
    const chat = await openSlack();
    const scene = await start(chat.env);
    await chat.connected(scene.program);
    chat.ask("What is the access word?", await secretFiles());
    await chat.until(() => chat.answers().find((answer) => answer.includes(SECRET)));
    await act(chat);
    expect(await whatIsLeft(scene)).toEqual([]);
  });
});

describe("on Discord, nothing is left", () => {
  it("of a server that Docent was removed from", async () => {
    const chat = await openDiscord();
    const scene = await start(chat.env);
    await chat.connected(scene.program);
    chat.ask("What is the access word?", await secretFiles());
    await chat.until(() => chat.answers().find((answer) => answer.includes(SECRET)));
    const [guild] = chat.server.state.guilds.values();
    if (guild === undefined) throw new Error("No server.");
    chat.server.people.removeGuild(guild);
    expect(await whatIsLeft(scene)).toEqual([]);
  });
});

describe("on the page, nothing is left", () => {
  it.each([false, true])("of documents that were removed one by one; killed in the middle: %s", async (isKilled) => {
    const scene = await start({});
    const page = (): ReturnType<typeof visit> => visit(scene.program, "general");
    await page().ask("What is the access word?", await secretFiles());
    let isToBeKilled = isKilled;
    for (let left = await page().documents(); left.length > 0; left = await page().documents()) {
      const url = `${scene.program.url}/api/documents/${left[0]?.id}`;
      const removed = fetch(url, { method: "DELETE" }).catch(() => undefined);
      if (isToBeKilled) await killInTheMiddle(scene, 0);
      isToBeKilled = false;
      await removed;
    }
    expect(await whatIsLeft(scene)).toEqual([]);
  });

  it("of the team's knowledge that was removed, nor of a channel that was forgotten", async () => {
    const scene = await start({});
    const page = visit(scene.program, "general");
    const form = new FormData();
    for (const { name, bytes } of await secretFiles()) form.append("files", new Blob([new Uint8Array(bytes)]), name);
    await fetch(`${scene.program.url}/api/knowledge`, { method: "POST", body: form });
    await page.ask("What is the access word?");
    await page.ask("And in this one?", await secretFiles());
    const { documents } = (await (await fetch(`${scene.program.url}/api/knowledge`)).json()) as {
      documents: { id: string }[];
    };
    for (const { id } of documents) await fetch(`${scene.program.url}/api/documents/${id}`, { method: "DELETE" });
    await page.forget();
    expect(await whatIsLeft(scene)).toEqual([]);
  });
});
