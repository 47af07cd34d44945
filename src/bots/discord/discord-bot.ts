import { REST } from "@discordjs/rest";
import { GatewayDispatchEvents, Routes } from "discord-api-types/v10";
import type { APIInteraction, GatewayDispatchPayload } from "discord-api-types/v10";
import type { Document } from "../../core/document.ts";
import { DocentError } from "../../core/errors.ts";
import type { Bot } from "../../core/ports/bot.ts";
import type { Docent } from "../../core/ports/docent.ts";
import { createAskedMessages } from "./receiving/asked-messages.ts";
import { isFileReference } from "./attachments.ts";
import { createBackfill } from "./receiving/backfill.ts";
import { createConnection } from "./receiving/connection.ts";
import { createDirectory } from "./directory.ts";
import type { DiscordBotOptions } from "./discord-bot-options.ts";
import { toBotError } from "./discord-errors.ts";
import { downloadAttachment } from "./receiving/download-attachment.ts";
import { createInteractionHandler } from "./commands/handle-interaction.ts";
import { toInviteUrl } from "./invite.ts";
import { createIdentifySlots } from "./receiving/identify-slots.ts";
import { createJoinedThreads } from "./receiving/joined-threads.ts";
import { createKeptSet } from "./kept-set.ts";
import { createLanes } from "./receiving/lanes.ts";
import { toLocale } from "./receiving/locale.ts";
import { createProgress } from "./posting/progress.ts";
import { REACTION } from "./posting/reactions.ts";
import { createEventReceiver } from "./receiving/receive-event.ts";
import { registerCommands } from "./commands/register-commands.ts";
import { renderAnswer } from "./posting/render-answer.ts";
import { replyLater } from "./commands/run-command.ts";
import { sendMessage } from "./posting/send-message.ts";
import { createWatermarks } from "./receiving/watermarks.ts";
import type { Self, Wiring } from "./wiring.ts";

const MAX_MESSAGE_CHARACTERS = 2000;
const MAX_DIRECTS = 1000;
/** Of requests that failed on Discord's side or on the way; posts carry a nonce, so that a repeat posts nothing. */
const RETRIES = 3;
const TIMEOUT_MS = 15_000;

/** Docent on Discord: the gateway for what people do, REST for what Docent says. */
export function createDiscordBot(options: DiscordBotOptions): Bot {
  const { seen, lock, bulletin, clock, log, metrics } = options;
  let docent: Docent | null = null;
  let self: Self | null = null;
  let isRegistered = false;
  const stopping = new AbortController();

  // The SDK drops the token of a REST client when Discord refuses it, so the connection asks for one of its own.
  const createRest = (): REST =>
    new REST({
      version: "10",
      retries: RETRIES,
      timeout: TIMEOUT_MS,
      ...(options.apiUrl === undefined ? {} : { api: options.apiUrl.replace(/\/+$/, "") }),
    }).setToken(options.token);
  const rest = createRest();
  const directory = createDirectory(rest);
  const connection = createConnection({
    token: options.token,
    shards: options.shards,
    slots: createIdentifySlots({ seen, lock, clock, log }),
    createRest,
    clock,
    log,
    metrics,
    async onPlan(plan) {
      await wiring.watermarks.load(plan);
      await wiring.directs.load();
    },
    onDispatch,
  });
  const wiring: Wiring = {
    options,
    rest,
    directory,
    lanes: createLanes((error) =>
      log[stopping.signal.aborted ? "debug" : "warn"]("discord: an event could not be taken.", { error }),
    ),
    watermarks: createWatermarks({ seen, clock, lock }),
    threads: createJoinedThreads(seen),
    directs: createKeptSet(seen, lock, "directs", MAX_DIRECTS),
    asked: createAskedMessages(seen, clock),
    progress: createProgress({
      rest,
      seen,
      clock,
      log,
      bulletin,
      turn: (turnId) => wiring.docent().turn(turnId),
      localeOf: ({ guildId }) => toLocale(options.language, null, directory.guild(guildId)?.locale ?? null),
    }),
    stopping: stopping.signal,
    unacknowledged: new Map(),
    docent() {
      if (docent !== null) return docent;
      throw new DocentError("stopping", "Discord is not started or is stopping.");
    },
    seesContent: () => connection.seesContent,
    self: () => self ?? { userId: "", applicationId: "" },
  };
  const handleInteraction = createInteractionHandler(wiring);
  const interactions = new Set<Promise<void>>();
  const receive = createEventReceiver(wiring, {
    backfill: createBackfill(wiring),
    onInteraction(interaction: APIInteraction) {
      const handled = handleInteraction(interaction);
      interactions.add(handled);
      void handled.finally(() => interactions.delete(handled));
    },
  });

  function onDispatch(payload: GatewayDispatchPayload, shardId: number): void {
    if (payload.t === GatewayDispatchEvents.Ready) {
      const { user, application } = payload.d;
      self = { userId: user.id, applicationId: application.id };
      if (!isRegistered) {
        isRegistered = true;
        log.info("discord: connected. To add Docent to a server, open the link.", {
          invite: toInviteUrl(application.id),
        });
        void register(application.id);
      }
    }
    receive(payload, shardId);
  }

  async function register(applicationId: string): Promise<void> {
    try {
      // One after the other: only the first has something to write.
      const isWritten = await lock("discord commands", () => registerCommands({ rest, applicationId, seen }));
      if (isWritten) log.info("discord: the commands were registered.");
    } catch (error) {
      isRegistered = false;
      const failure = toBotError(error, "Registering the commands");
      log.warn("discord: the commands could not be registered; the next connection tries again.", { error: failure });
    }
  }

  /** A file that cannot be used is marked where it was posted. */
  async function showDocument({ bot, reference, state }: Document, event: "changed" | "removed"): Promise<void> {
    if (bot !== "discord" || !isFileReference(reference) || reference.message === null) return;
    const { channelId, messageId } = reference.message;
    const route = (emoji: string) => Routes.channelMessageOwnReaction(channelId, messageId, encodeURIComponent(emoji));
    try {
      if (event === "removed") await rest.delete(route(REACTION.noted));
      else if (state === "failed") await rest.put(route(REACTION.problem));
    } catch (error) {
      log.debug("discord: no reaction could be changed.", { error: toBotError(error, "Reacting to a message") });
    }
  }

  return {
    name: "discord",
    maxMessageCharacters: MAX_MESSAGE_CHARACTERS,
    async start(core) {
      docent = core;
      await connection.start();
    },
    async stop() {
      stopping.abort(new DocentError("stopping", "Discord is stopping."));
      await connection.stop();
      // What came in is written down before the doors close.
      await Promise.allSettled(interactions);
      await wiring.lanes.idle();
      wiring.progress.stop();
      docent = null;
      await wiring.watermarks.flush();
    },
    check: () => Promise.resolve(connection.check()),
    connections: () => connection.connected,
    download: (attachment, signal) => downloadAttachment(attachment, { rest, apiUrl: options.apiUrl }, signal),
    render: renderAnswer,
    send: (message) => sendMessage(message, wiring),
    reply: (replyTo, reply) => replyLater(replyTo, reply, wiring),
    // Discord keeps what is said; the bot knows only where it was said.
    forgetChannel: () => Promise.resolve(0),
    forgetDocument: () => Promise.resolve(),
    showTurn(turn) {
      wiring.progress.show(turn);
      return Promise.resolve();
    },
    showDocument,
  };
}
