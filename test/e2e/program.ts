import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve as toAbsolute } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** The whole program as a child process, and what a person with the page would do to it. */
export interface Program {
  readonly url: string;
  readonly output: () => string;
  readonly pid: number;
  /** Ends it as a signal does; resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const READY = /Docent is ready: (\S+)/;

/** Starts the program in an environment that holds nothing but PATH and what the test gives it, in a folder with its `.env`. */
export async function startProgram(env: Record<string, string>, folder = process.cwd()): Promise<Program> {
  return await launchProgram(env, folder, (child) => onTestFinished(() => void child.kill("SIGKILL")));
}

/** The same for who ends it without a test: `onSpawn` gets the process before it is ready. */
export async function launchProgram(
  env: Record<string, string>,
  folder: string,
  onSpawn: (child: ChildProcess) => void,
): Promise<Program> {
  const child = spawn(process.execPath, [toAbsolute("src/main.ts")], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", LOG_FORMAT: "json", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onSpawn(child);
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      output += `${line}\n`;
      const match = READY.exec(line);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.once("exit", (code) => reject(new Error(`The program ended with ${code}:\n${output}`)));
  });
  return { url, output: () => output, pid: child.pid ?? 0, stop: (signal = "SIGTERM") => stop(child, signal) };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
  return child.exitCode;
}

export interface ApiMessage {
  readonly id: string;
  readonly author: "you" | "docent";
  readonly text: string;
  readonly citations: readonly { documentId: string; document: string; page: number | null; quote: string | null }[];
  readonly turn: { readonly id: string; readonly state: string } | null;
  readonly usage: { inputTokens: number; outputTokens: number; costUsd: number | null } | null;
}

export interface ApiDocument {
  readonly id: string;
  readonly name: string;
  readonly pages: number | null;
  readonly state: string;
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/** A person at the page, by its HTTP interface. */
export function visit(program: Pick<Program, "url">, channel: string, headers: Record<string, string> = {}) {
  const base = `${program.url}/api/channels/${encodeURIComponent(channel)}`;
  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${base}${path}`, { headers })).json()) as T;

  async function post(text: string, files: readonly { name: string; bytes: Uint8Array }[] = [], id?: string) {
    const form = new FormData();
    if (text !== "") form.set("text", text);
    if (id !== undefined) form.set("id", id);
    for (const { name, bytes } of files) form.append("files", new Blob([new Uint8Array(bytes)]), name);
    const response = await fetch(`${base}/messages`, { method: "POST", body: form, headers });
    return {
      status: response.status,
      body: (await response.json()) as { message: ApiMessage; turn: { id: string } | null },
    };
  }

  /** Follows the event stream until the message that answers this turn is there. */
  async function answerOf(turnId: string): Promise<ApiMessage> {
    const abort = new AbortController();
    const stream = await fetch(`${base}/events`, { headers, signal: abort.signal });
    // The stream is open: what was answered before is in the list, what comes after is in the stream.
    const here = await findAnswer(turnId);
    try {
      if (here !== undefined) return here;
      for await (const { event, data } of readEvents(stream)) {
        if (event !== "message") continue;
        const message = JSON.parse(data) as ApiMessage;
        if (message.author === "docent" && message.turn?.id === turnId) return message;
      }
    } finally {
      abort.abort();
    }
    throw new Error("The event stream ended without an answer.");
  }

  async function findAnswer(turnId: string): Promise<ApiMessage | undefined> {
    const { messages } = await get<{ messages: ApiMessage[] }>("/messages");
    return messages.find((message) => message.author === "docent" && message.turn?.id === turnId);
  }

  return {
    post,
    answerOf,
    async ask(text: string, files: readonly { name: string; bytes: Uint8Array }[] = []): Promise<ApiMessage> {
      const { status, body } = await post(text, files);
      if (body.turn === null || status !== 202) throw new Error(`Not accepted: ${status} ${JSON.stringify(body)}`);
      return await answerOf(body.turn.id);
    },
    messages: async () => (await get<{ messages: ApiMessage[] }>("/messages")).messages,
    documents: async () => (await get<{ documents: ApiDocument[] }>("/documents")).documents,
    forget: async () => await (await fetch(base, { method: "DELETE", headers })).json(),
  };
}

/** Reads server-sent events. */
export async function* readEvents(response: Response): AsyncGenerator<{ event: string; data: string }> {
  if (response.body === null) return;
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string): string =>
        block
          .split("\n")
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trim())
          .join("\n");
      if (field("data") !== "") yield { event: field("event") || "message", data: field("data") };
    }
  }
}
