import type { Bot } from "../../core/ports/bot.ts";
import type { Docent } from "../../core/ports/docent.ts";
import type { Readiness } from "../../core/ports/readiness.ts";
import type { HttpMount } from "../../core/ports/system.ts";
import { createArrivalOrder } from "./receiving/arrival-order.ts";
import { backfill } from "./receiving/backfill.ts";
import { createDeliveries } from "./receiving/deliveries.ts";
import { createDirectory } from "./directory.ts";
import { createDispatch } from "./receiving/dispatch.ts";
import type { Handled } from "./payloads.ts";
import { downloadFile } from "./download-file.ts";
import { createHttpMount } from "./receiving/http-mount.ts";
import { createMemory } from "./memory.ts";
import { MAX_MARKDOWN } from "./posting/message-blocks.ts";
import { createNoteMarks } from "./posting/note-marks.ts";
import { askIdentity, explainAuthFailure, findMissingScopes } from "./permissions.ts";
import { createProgress } from "./posting/progress.ts";
import { createRecentSet } from "../../core/recent-set.ts";
import { renderAnswer } from "./posting/render-answer.ts";
import { replyLater } from "./posting/reply-to-command.ts";
import { notNow, type Identity, type Room } from "./room.ts";
import { createSdkLogger } from "./sdk-logger.ts";
import { createSeenMarks } from "./receiving/seen-marks.ts";
import { createSender } from "./posting/send-message.ts";
import { createShownTurns } from "./posting/shown-turns.ts";
import { createSlackApi } from "./slack-api.ts";
import type { SlackBotOptions } from "./slack-bot-options.ts";
import { createSocketConnections } from "./receiving/socket-connections.ts";

/** `auth.test` is asked again after this long, also when it failed for good: somebody may have mended the app. */
const ASK_AGAIN_MS = 60_000;

const MAX_TOLD = 1_000;

/** What Slack does not answer by then is left: it only showed something, or is in the inbox. */
const STOP_GRACE_MS = 2_000;

/** Slack as one of the places where people talk to Docent: by Socket Mode, or by HTTP at `/slack/events`. */
export function createSlackBot(options: SlackBotOptions): Bot & HttpMount {
  const { botToken, apiUrl, mode, clock, log, metrics } = options;
  const stopping = new AbortController();
  const api = createSlackApi({ botToken, apiUrl, clock, log, metrics, stopping: stopping.signal });
  const tasks = new Set<Promise<void>>();
  let docent: Docent | null = null;
  let identity: Identity | null = null;
  let askedAt = 0;
  let problem = "It is not started.";
  let keeping: Promise<void> = Promise.resolve();

  const memory = createMemory(options.seen, options.lock);
  const seenMarks = createSeenMarks({ memory, clock, background, stopping: stopping.signal });
  const room: Room = {
    options,
    api,
    directory: createDirectory(api, clock, log),
    memory,
    seenMarks,
    deliveries: createDeliveries(),
    shown: createShownTurns(options.seen, options.lock, clock),
    arrivals: createArrivalOrder(),
    told: createRecentSet(MAX_TOLD),
    identity() {
      if (identity !== null) return identity;
      throw notNow(`Slack has not told who the bot is. ${problem}`);
    },
    docent() {
      if (docent !== null) return docent;
      throw notNow("The Slack bot is not started or is stopping.");
    },
    background,
    revoked(reason) {
      identity = null;
      problem = `${reason} Install the app again, and set the new SLACK_BOT_TOKEN.`;
      log.error(`Slack: ${problem}`);
    },
  };
  const sender = createSender(room);
  const progress = createProgress(room, sender);
  const noteMarks = createNoteMarks(room);
  const dispatch = createDispatch(room, (turn) => progress.showNew(turn));
  const timed: typeof dispatch = async (payload) => {
    const startedAt = performance.now();
    try {
      return await dispatch(payload);
    } finally {
      metrics.observe("slack_ack_seconds", (performance.now() - startedAt) / 1000);
    }
  };
  const afterwards = ({ later }: Handled): void => {
    if (later !== undefined) background("finish what Slack asked for", later);
  };
  const mount = mode.kind === "http" ? createHttpMount({ ...mode, dispatch: timed, afterwards, clock, log }) : null;
  const sockets =
    mode.kind === "socket"
      ? createSocketConnections({
          appToken: mode.appToken,
          apiUrl,
          logger: createSdkLogger(log),
          bulletin: options.bulletin,
          take: timed,
          afterwards,
          clock,
          log,
          metrics,
        })
      : null;

  return {
    name: "slack",
    maxMessageCharacters: MAX_MARKDOWN,
    async start(core) {
      docent = core;
      const { promise: tried, resolve } = Promise.withResolvers<void>();
      keeping = becomeKnown(resolve);
      await tried;
    },
    async stop() {
      // Nothing is accepted from here on, so nothing more is acknowledged.
      docent = null;
      stopping.abort();
      progress.stop();
      await keeping;
      await sockets?.stop();
      await seenMarks.flush().catch((error: unknown) => log.warn("Slack: what was seen could not be kept.", { error }));
      await atMost(STOP_GRACE_MS, Promise.all(tasks));
    },
    check,
    ...(sockets === null ? {} : { connections: () => sockets.count }),
    download: (attachment, signal) => downloadFile(room, attachment, signal),
    render: renderAnswer,
    send: (message) => sender.send(message),
    reply: (replyTo, reply) => replyLater(room, replyTo, reply),
    // Slack keeps what is said; the bot knows only where it was said.
    forgetChannel: () => Promise.resolve(0),
    forgetDocument: () => Promise.resolve(),
    showTurn: (turn) => progress.showTurn(turn),
    showDocument: (document, event) => noteMarks.showDocument(document, event),
    matches: (path) => mount?.matches(path) ?? false,
    handle: (request) => mount?.handle(request) ?? Promise.resolve(new Response(null, { status: 404 })),
  };

  /** Asks who the bot is until Slack says so; only then there is anything to connect for. */
  async function becomeKnown(noteTry: () => void): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      if (await ask()) {
        background("end what a crash left as under way", () => progress.recover());
        // Before anything live comes in: each channel's missed messages go first.
        await backfill(room, { showTurn: (turn) => progress.showNew(turn), stopping: stopping.signal });
        await sockets?.start();
        return noteTry();
      }
      if (failures === 0) log.error(`Slack: ${problem}`);
      noteTry();
      await clock.sleep(ASK_AGAIN_MS, stopping.signal).catch(() => undefined);
    }
  }

  async function ask(): Promise<boolean> {
    askedAt = clock.steady();
    try {
      const found = await askIdentity(api);
      const missing = findMissingScopes(found);
      if (identity === null && missing.required !== null) log.error(`Slack: ${missing.required}`);
      if (identity === null && missing.optional !== null) log.warn(`Slack: ${missing.optional}`);
      identity = found;
      return true;
    } catch (error) {
      problem = explainAuthFailure(error);
      return false;
    }
  }

  async function check(): Promise<Readiness> {
    if (docent === null) return { ready: false, reason: "The Slack bot is not started." };
    if (identity !== null && clock.steady() - askedAt >= ASK_AGAIN_MS && !(await ask())) {
      return { ready: false, reason: problem };
    }
    if (identity === null) return { ready: false, reason: problem };
    const { required, optional } = findMissingScopes(identity);
    if (required !== null) return { ready: false, reason: required };
    const unconnected = sockets?.problem() ?? null;
    if (unconnected !== null) return { ready: false, reason: unconnected };
    return { ready: true, ...(optional === null ? {} : { hint: optional }) };
  }

  function background(what: string, work: () => Promise<void>): void {
    const task = work().catch((error: unknown) => {
      if (!stopping.signal.aborted) log.warn(`Slack: could not ${what}.`, { error });
    });
    tasks.add(task);
    void task.finally(() => tasks.delete(task));
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
