import { DocentError, toDocentError } from "../../core/errors.ts";
import type { Bot, OutgoingMessage } from "../../core/ports/bot.ts";
import type { Docent } from "../../core/ports/docent.ts";
import { text as toSentence } from "../../core/texts/text.ts";
import type { Client, HttpMount } from "../../core/ports/system.ts";
import { createAnnouncer } from "./announce.ts";
import { toChannelName } from "./channel-name.ts";
import { toErrorResponse } from "./error-response.ts";
import { createEventHub } from "./event-hub.ts";
import { toLocale } from "./locale.ts";
import { createPageRoutes } from "./page-routes.ts";
import { logQuestion } from "./post-message.ts";
import { requireLoopbackHost, requireSameOrigin } from "./request-guard.ts";
import { createRoutes } from "./routes.ts";
import { secure } from "./security-headers.ts";
import { createSignIn } from "./sign-in.ts";
import type { WebBotOptions } from "./web-bot-options.ts";

const PATHS = /^\/(?:$|setup$|sign-in$|sign-out$|favicon\.ico$|assets\/|vendor\/|api\/)/;

/** The web page: a bot whose platform is a browser. It keeps its own messages, and serves itself. */
export function createWebBot(options: WebBotOptions): Bot & HttpMount {
  const { messages, clock, log, language, token } = options;
  if (!options.loopback && !token) {
    throw new DocentError("internal", "The web page listens beyond this machine and has no token: set WEB_TOKEN.");
  }
  const hub = createEventHub(clock);
  const signIn = token ? createSignIn(token, clock) : null;
  const page = createPageRoutes({ signIn, language });
  let docent: Docent | null = null;
  let isStopped = false;
  const announce = createAnnouncer({ hub, bulletin: options.bulletin, messages, docent: requireDocent, log });
  const routes = createRoutes({ ...options, hub, announce, requireDocent, signedIn: signIn !== null });

  return {
    name: "web",
    // The page draws the marks and the list of sources itself.
    render: ({ text }) => text,
    maxMessageCharacters: 200_000,
    start(core) {
      docent = core;
      isStopped = false;
      return Promise.resolve();
    },
    stop() {
      isStopped = true;
      announce.stop();
      hub.stop();
      return Promise.resolve();
    },
    check: () =>
      Promise.resolve(
        docent === null || isStopped ? { ready: false, reason: "The web page is not started." } : { ready: true },
      ),
    download: (attachment) =>
      Promise.reject(
        new DocentError("file_gone", "The web page's files lie in Blobs from the start; nothing can be downloaded.", {
          details: { name: attachment.name },
        }),
      ),
    send,
    showTurn(turn) {
      announce.turn(turn);
      return Promise.resolve();
    },
    showDocument(document, event) {
      announce.document(document, event === "removed");
      return Promise.resolve();
    },
    // The page's own calls wait for what they ask for.
    reply: () => Promise.resolve(),
    async forgetChannel(channel, until) {
      if (channel === null) return await messages.forgetChannel(null, until);
      if (toChannelName(channel.key) === null) return 0;
      const removed = await messages.forgetChannel(channel.key, until);
      announce.forgotten(channel.key);
      return removed;
    },
    async forgetDocument({ id, name }) {
      const sentence = toSentence("web.quoted_deleted", language === "auto" ? "en" : language, { name });
      await messages.redact(id, sentence);
      announce.forgotten(null);
    },
    matches: (path) => PATHS.test(path),
    handle,
  };

  async function handle(request: Request, client: Client = { address: "unknown" }): Promise<Response> {
    try {
      if (signIn === null) requireLoopbackHost(request);
      requireSameOrigin(request);
      const own = await page.handle(request, client);
      if (own !== null) return secure(own);
      if (signIn !== null && !signIn.isSignedIn(request)) {
        throw new DocentError("unauthorized", "A request came without the token or a session.");
      }
      return secure(await routes(request, client.socketAddress));
    } catch (error) {
      const failure = toDocentError(error, "Answering a request of the web page");
      if (failure.code === "internal") log.error("web: a request failed", { error: failure });
      return secure(toErrorResponse(failure, toLocale(request, language)));
    }
  }

  async function send(message: OutgoingMessage): Promise<string> {
    const { id, turnId, kind, text, citations, usage } = message;
    // An answer that comes while the program stops is logged all the same: nobody is asked to send it again.
    const core = docent ?? requireDocent();
    await logQuestion(message.replyTo, turnId, core, messages);
    const logged = {
      id,
      channel: message.channel.key,
      author: "docent" as const,
      kind,
      text,
      citations,
      turnId,
      files: [],
      usage,
      createdAt: clock.now(),
    };
    const { isNew } = await messages.append(logged);
    if (isNew) announce.message(logged, (await core.turn(turnId)) ?? null);
    return id;
  }

  function requireDocent(): Docent {
    if (docent !== null && !isStopped) return docent;
    throw new DocentError("stopping", "The web page is not started or is stopping.", { retryAfterMs: 2000 });
  }
}
