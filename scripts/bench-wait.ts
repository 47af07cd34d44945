/**
 * Measures what Docent adds to the model's time: from the end of a run at the server to the reply on the page's event
 * stream, once with the run's event stream and once with a server that has none and is polled.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { startOpenAIServer } from "../test/servers/openai-server.ts";

const QUESTIONS = 30;

async function measure(supportsStream: boolean): Promise<readonly number[]> {
  const server = await startOpenAIServer({ supportsStream, runTimeMs: 700, eventGapMs: 20 });
  const dataDir = mkdtempSync(path.join(tmpdir(), "docent-bench-"));
  const child = spawn(process.execPath, ["src/main.ts"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      DATA_DIR: dataDir,
      PORT: "0",
      LOG_LEVEL: "error",
      OPENAI_API_KEY: "test-key",
      OPENAI_BASE_URL: server.url,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const url = await readyUrl(child.stdout);
    const waits: number[] = [];
    for (let count = 1; count <= QUESTIONS; count++) {
      process.stderr.write(`\r${supportsStream ? "with" : "without"} an event stream: ${count} of ${QUESTIONS} `);
      const endedAt = server.whenEnded(count).then(() => performance.now());
      const repliedAt = await ask(url, `What is the answer to question ${count}?`);
      waits.push(repliedAt - (await endedAt));
    }
    return waits;
  } finally {
    child.kill("SIGKILL");
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const match = /Docent is ready: (\S+)/.exec(line);
    if (match?.[1] !== undefined) {
      output.resume();
      return match[1];
    }
  }
  throw new Error("The program did not become ready.");
}

/** Resolves with the time at which the reply came out of the event stream. */
async function ask(url: string, text: string): Promise<number> {
  const base = `${url}/api/channels/general`;
  const stream = await fetch(`${base}/events`);
  const posted = await fetch(`${base}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  const { turn } = (await posted.json()) as { turn: { id: string } };
  let seen = "";
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    seen += chunk;
    if (seen.includes('"author":"docent"') && seen.includes(turn.id)) return performance.now();
  }
  throw new Error("The event stream ended without a reply.");
}

const at = (values: readonly number[], share: number): string =>
  (values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN).toFixed(1);

const streamed = await measure(true);
const polled = await measure(false);
process.stdout.write(
  `\n| from a run's end to the reply, ${QUESTIONS} questions | median ms | p95 ms | max ms |\n|---|---|---|---|\n` +
    `| with the event stream | ${at(streamed, 0.5)} | ${at(streamed, 0.95)} | ${at(streamed, 1)} |\n` +
    `| polled | ${at(polled, 0.5)} | ${at(polled, 0.95)} | ${at(polled, 1)} |\n`,
);
