import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSystemClock } from "../../src/core/system-clock.ts";
import { createReader } from "../../src/readers/create-reader.ts";
import { startCoreWithOpenAI } from "../../test/fakes/core-with-openai.ts";
import { sampleIncoming } from "../../test/fakes/sample-data.ts";
import { createRememberingBrain } from "../../test/servers/openai/remembering-brain.ts";
import { startOpenAIServer } from "../../test/servers/openai-server.ts";
import { FIRST_FACTS, writeChannel, type Said } from "./channel-script.ts";

/** What one question cost, with what was spent on notes behind its answer. */
export interface TurnCost {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
  readonly searches: number;
  readonly notes: { readonly input: number; readonly output: number };
}

export interface ChannelReport {
  readonly costs: readonly TurnCost[];
  /** Questions about the first turns that were answered wrongly. */
  readonly wrong: readonly string[];
  readonly asked: number;
  /** Requests to OpenAI by route. */
  readonly requests: Readonly<Record<string, number>>;
}

/**
 * Plays a channel through core and the OpenAI engine, one question after the other, and then asks for what was said in
 * the first turns. Token counts come from the test server, which bills what the vendor bills.
 */
export async function runChannel(options: {
  turns: number;
  seed: number;
  /** Share of the later questions with which people also say something to be remembered. */
  talk: number;
  onTurn?: (turn: number) => void;
}): Promise<ChannelReport> {
  const server = await startOpenAIServer({ answer: createRememberingBrain() });
  const folder = mkdtempSync(path.join(tmpdir(), "docent-cost-"));
  const reader = createReader();
  const log = { debug() {}, info() {}, warn() {}, error: (text: string) => process.stderr.write(`${text}\n`) };
  const core = startCoreWithOpenAI({
    url: server.url,
    folder,
    clock: createSystemClock(),
    log,
    engine: { inlineMaxTokens: 6_000 },
    core: { reader, limits: { maxFileMb: 100, maxFileTokens: 2_000_000 } },
  });
  try {
    const script = await writeChannel(options.turns, options);
    const costs: TurnCost[] = [];
    for (const [index, said] of script.entries()) {
      await ask(said, index + 1);
      costs.push(await takeCost());
      options.onTurn?.(index + 1);
    }
    const wrong: string[] = [];
    for (const [index, { question, answer }] of FIRST_FACTS.entries()) {
      const text = await ask({ author: "Kim", text: question, files: [] }, options.turns + index + 1);
      if (!text.includes(answer)) wrong.push(`${question} ${text}`);
    }
    const requests: Record<string, number> = {};
    for (const { route } of server.requests) requests[route ?? "none"] = (requests[route ?? "none"] ?? 0) + 1;
    return { costs, wrong, asked: FIRST_FACTS.length, requests };
  } finally {
    await core.stop();
    await Promise.all([reader.stop(), server.close()]);
    rmSync(folder, { recursive: true, force: true });
  }

  async function ask({ author, text, files }: Said, turn: number): Promise<string> {
    for (const { name, bytes } of files) core.bot.files.set(`file ${name}`, bytes);
    const attachments = files.map(({ name, bytes }) => ({
      key: `file ${name}`,
      name,
      reference: null,
      sizeBytes: bytes.length,
    }));
    const posted = core.bot.nextPost();
    const ended = core.bot.nextState("answered");
    const who = { id: author, name: author };
    await core.docent.accept(sampleIncoming({ key: `test:general:${turn}`, author: who, text, attachments }));
    const message = await posted;
    if (message.kind !== "answer") throw new Error(`Turn ${turn} has no answer: ${message.text}`);
    await ended;
    return message.text;
  }

  /** People take longer to ask the next question than a renewal takes. */
  async function takeCost(): Promise<TurnCost> {
    await core.engine.idle();
    const responses = [...server.state.responses.values()];
    server.state.responses.clear();
    const total = { input: 0, cached: 0, written: 0, output: 0, searches: 0, notes: { input: 0, output: 0 } };
    for (const { body, conversation } of responses) {
      const usage = body["usage"] as ServerUsage;
      if (conversation === null) {
        total.notes.input += usage.input_tokens;
        total.notes.output += usage.output_tokens;
        continue;
      }
      total.input += usage.input_tokens;
      total.cached += usage.input_tokens_details.cached_tokens;
      total.written += usage.input_tokens_details.cache_write_tokens;
      total.output += usage.output_tokens;
      const output = body["output"] as { type: string }[];
      total.searches += output.filter(({ type }) => type === "file_search_call").length;
    }
    return total;
  }
}

interface ServerUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
}
