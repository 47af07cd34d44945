import { Hono, type Context } from "hono";
import { DocentError, toDocentError } from "../../core/errors.ts";
import type { ReadableDocument } from "../../core/document.ts";
import type { Docent } from "../../core/ports/docent.ts";
import type { LoggedMessage } from "../../core/ports/stores.ts";
import { errorText, text } from "../../core/texts/text.ts";
import type { TurnView } from "../../core/turn.ts";
import type { Announcer } from "./announce.ts";
import { KNOWLEDGE_SCOPE, WORKSPACE, parseChannelName, toChannel, toChannelName } from "./channel-name.ts";
import { toContentResponse } from "./document-content.ts";
import { badRequest, toWrongMethod } from "./error-response.ts";
import type { EventHub } from "./event-hub.ts";
import { findPiece } from "./find-piece.ts";
import { toLocale } from "./locale.ts";
import { addMeRoutes } from "./me-routes.ts";
import type { PageEnv } from "./page-env.ts";
import { postKnowledge, postMessage, type PostDeps } from "./post-message.ts";
import { toDocumentView, toMessageView, toTurnJson } from "./views.ts";
import { addSetupRoutes } from "./setup-routes.ts";
import { addUsageRoutes } from "./usage-routes.ts";
import type { WebBotOptions } from "./web-bot-options.ts";

interface RouteDeps extends WebBotOptions {
  readonly hub: EventHub;
  readonly announce: Announcer;
  /** @throws DocentError `stopping` before start and after stop. */
  readonly requireDocent: () => Docent;
  /** The page is behind a token, so it can offer to sign out. */
  readonly signedIn: boolean;
}

/** Messages a page shows at most; older ones stay in the log. */
const MAX_MESSAGES = 500;

const METHODS = ["GET", "POST", "DELETE"] as const;

/**
 * The page's API. The first nine are the contract of the design, section 9; the rest serve the page.
 *
 * | call                                       | answer                                                        |
 * |--------------------------------------------|---------------------------------------------------------------|
 * | POST /api/channels/{channel}/messages      | 202 {"message","turn"}; multipart `text`, `files`, `id`; or JSON |
 * | GET  /api/channels/{channel}/messages      | {"messages"}                                                  |
 * | GET  /api/channels/{channel}/events        | server-sent events `message`, `turn`, `document`, `forgotten` |
 * | GET  /api/turns/{id}                       | {"id","state","detail","position"}                            |
 * | GET  /api/channels/{channel}/documents     | {"documents"}                                                 |
 * | GET, POST /api/knowledge                   | {"documents"}; 202 with multipart `files`                     |
 * | DELETE /api/documents/{id}                 | 204; 202 {"pending"} when an engine has to be asked again     |
 * | DELETE /api/channels/{channel}             | {"deleted":{"messages","documents","conversations"}}; or 202  |
 * | GET  /api/documents/{id}/content           | the bytes, ranges too                                         |
 * | GET  /api/channels                         | {"channels":[{"name","lastAt","messages"}]}                   |
 * | POST /api/turns/{id}/cancel                | 202 the turn                                                  |
 * | GET  /api/documents/{id}/pages/{n}         | {"number","unit","title","text","previous","next"}            |
 * | GET  /api/usage?days=30                    | what all workspaces used, by day, channel, person and model; budgets |
 * | GET  /api/usage.csv?days=30                | the same by day, channel, person and model, as a file         |
 * | GET  /api/me                               | {"engine","language","maxFileMb","maxFilesPerMessage","canSignOut","canSetUp","storagePrice"} |
 * | GET  /api/engine                           | {"ready"}: whether it works                                   |
 * | GET  /api/setup                            | {"restartNeeded","steps"}; from a browser on this machine alone |
 * | POST /api/setup/check, /api/setup/save     | {"verdicts"}; JSON {"service","values"}; 422 when refused      |
 *
 * A document, in these lists and as an event: `id`, `name`, `pages`, `tokens`, `state`, `problem` as the contract has
 * them, and for the page `kind`, `unit`, `sizeBytes`, `scope`, `bot`, `postedBy` (null: nobody's name is known),
 * `createdAt`, `containerId` (the archive that it was in), `costUsdPerDay` (null: not at OpenAI).
 */
export function createRoutes(
  deps: RouteDeps,
): (request: Request, remoteAddress: string | undefined) => Promise<Response> {
  const { messages, hub, language } = deps;
  const maxFiles = deps.maxFilesPerMessage ?? 50;
  const app = new Hono<PageEnv>();

  addMeRoutes(app, { ...deps, maxFiles, localeOf });

  app.get("/api/channels", async (c) => {
    const channels = (await messages.channels()).flatMap(({ channel, lastAt, messages: count }) => {
      const name = toChannelName(channel);
      // What reading team knowledge had to say is logged where nobody can go: it is no channel.
      return name === null || parseChannelName(name) === null ? [] : [{ name, lastAt, messages: count }];
    });
    return c.json({ channels });
  });

  app.get("/api/channels/:channel/messages", async (c) => {
    const docent = deps.requireDocent();
    const logged = await messages.list(channelOf(c).key, { limit: MAX_MESSAGES });
    const turns = await findTurns(logged, docent);
    return c.json({ messages: logged.map((message) => toMessageView(message, turns.get(message.turnId) ?? null)) });
  });

  app.post("/api/channels/:channel/messages", async (c) => {
    const name = nameOf(c);
    const { message, accepted, isNew } = await postMessage(c.req.raw, name, localeOf(c), postDeps());
    const view = toMessageView(message, accepted.turn);
    if (isNew) deps.announce.message(message, accepted.turn);
    const turn = accepted.turn === null ? null : { id: accepted.turn.id, state: accepted.turn.state };
    return c.json({ message: view, turn }, 202);
  });

  app.get("/api/channels/:channel/events", (c) => {
    deps.requireDocent();
    // Nobody would ever read, or end, the stream of a HEAD.
    if (c.req.raw.method === "HEAD") return c.body(null);
    return hub.open(channelOf(c).key, localeOf(c));
  });

  app.get("/api/channels/:channel/documents", async (c) => {
    const documents = await deps.requireDocent().documents({ kind: "channel", key: channelOf(c).key });
    return c.json({ documents: documents.map((document) => toDocumentView(document, localeOf(c))) });
  });

  app.delete("/api/channels/:channel", async (c) => {
    const channel = channelOf(c);
    const { done } = await deps.requireDocent().forget(channel);
    return await done.then(
      (deleted) => c.json({ deleted }),
      (error: unknown) => toPending(c, error),
    );
  });

  app.get("/api/knowledge", async (c) => {
    const documents = await deps.requireDocent().documents(KNOWLEDGE_SCOPE);
    return c.json({ documents: documents.map((document) => toDocumentView(document, localeOf(c))) });
  });

  app.post("/api/knowledge", async (c) => {
    const { documents } = await postKnowledge(c.req.raw, localeOf(c), postDeps());
    return c.json({ documents: documents.map((document) => toDocumentView(document, localeOf(c))) }, 202);
  });

  app.get("/api/turns/:id", async (c) => c.json(toTurnJson(await turnOf(c))));

  app.post("/api/turns/:id/cancel", async (c) => {
    const { id } = await turnOf(c);
    await deps.requireDocent().cancel(id);
    return c.json(toTurnJson(await turnOf(c)), 202);
  });

  app.get("/api/documents/:id/content", async (c) => {
    const { document } = await documentOf(c);
    return await toContentResponse(c.req.raw, document, deps.blobs);
  });

  app.get("/api/documents/:id/pages/:number", async (c) => {
    const readable = await documentOf(c);
    const { document } = readable;
    const piece = findPiece(await readable.pages(), document.unit, Number(c.req.param("number")));
    if (piece === undefined) throw notFound("a page of a document");
    return c.json({ ...piece, unit: document.unit });
  });

  app.delete("/api/documents/:id", async (c) => {
    const { document } = await documentOf(c);
    const removal = await deps.requireDocent().removeDocument(document.id);
    if (removal === undefined) throw notFound("a document");
    return await removal.done.then(
      () => c.body(null, 204),
      (error: unknown) => toPending(c, error),
    );
  });

  addUsageRoutes(app, { requireDocent: deps.requireDocent, localeOf });
  addSetupRoutes(app, { setup: deps.setup, localeOf });

  app.notFound((c) => {
    const allowed = METHODS.filter((method) => {
      // What stands before every method of a path, such as a guard, answers none.
      return app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method);
    });
    if (allowed.length === 0) throw notFound("a path");
    return toWrongMethod(c.req.raw, allowed.includes("GET") ? ["HEAD", ...allowed] : allowed, localeOf(c));
  });
  app.onError((error) => {
    throw toDocentError(error, "Answering a request of the web page");
  });

  return async (request, remoteAddress) => {
    const response = await app.fetch(request, { remoteAddress });
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
    return response;
  };

  /** Noted, begun, and repeated until it is done: what is in the way of it now. */
  function toPending(c: Context, error: unknown): Response {
    const reason = errorText(toDocentError(error, "Deleting"), localeOf(c));
    return c.json({ pending: text("command.delayed", localeOf(c), { reason }) }, 202);
  }

  function localeOf(c: Context): string {
    return toLocale(c.req.raw, language);
  }

  function nameOf(c: Context): string {
    const name = parseChannelName(c.req.param("channel") ?? "");
    if (name === null) throw badRequest("web.reason_channel", localeOf(c));
    return name;
  }

  function channelOf(c: Context): ReturnType<typeof toChannel> {
    return toChannel(nameOf(c));
  }

  function postDeps(): PostDeps {
    const limits = { maxFileMb: deps.maxFileMb, maxFiles };
    return { docent: deps.requireDocent(), messages, blobs: deps.blobs, clock: deps.clock, limits };
  }

  /** What no id looks like is not looked for: a store may take offence at single characters. */
  function idOf(c: Context, what: string): string {
    const id = c.req.param("id") ?? "";
    if (!/^[\w:.-]{1,200}$/.test(id)) throw notFound(what);
    return id;
  }

  /** A turn of the page. Those of other platforms do not exist here, whoever knows their id. */
  async function turnOf(c: Context): Promise<TurnView> {
    const turn = await deps.requireDocent().turn(idOf(c, "a turn"));
    if (turn === undefined || toChannelName(turn.channel) === null) throw notFound("a turn");
    return turn;
  }

  async function documentOf(c: Context): Promise<ReadableDocument> {
    const readable = await deps.requireDocent().document(idOf(c, "a document"));
    if (readable === undefined || readable.document.bot !== WORKSPACE) throw notFound("a document");
    return readable;
  }
}

async function findTurns(
  logged: readonly LoggedMessage[],
  docent: Docent,
): Promise<ReadonlyMap<string | null, TurnView>> {
  const ids = new Set(logged.flatMap(({ turnId }) => (turnId === null ? [] : [turnId])));
  const found = await Promise.all([...ids].map(async (id) => docent.turn(id)));
  return new Map(found.filter((turn) => turn !== undefined).map((turn) => [turn.id, turn]));
}

function notFound(what: string): DocentError {
  return new DocentError("not_found", `Answering a request of the web page: ${what} does not exist.`);
}
