// @ts-check
import { ApiError, channelPath, get, post } from "./api.js";
import { toast } from "./dialogs.js";
import { byId } from "./dom.js";
import { listen } from "./events.js";
import { t } from "./i18n.js";
import { toDetail } from "./message-view.js";

const FINAL = ["answered", "failed", "cancelled"];

/** While a turn is open and nothing was heard for this long, the server is asked: an event may have been lost. */
const QUIET_MS = 10_000;

/**
 * The channel that is open: what was said, what is being done about it, and the connection that keeps it true. After a
 * lost connection everything is fetched anew, so a restart of the server leaves no trace.
 * @param {{ messages: ReturnType<typeof import("./messages.js").createMessages>,
 *   documents: ReturnType<typeof import("./documents.js").createDocuments>,
 *   outbox: ReturnType<typeof import("./outbox.js").createOutbox>,
 *   announcer: ReturnType<typeof import("./announcer.js").createAnnouncer>,
 *   onReloaded: () => void }} parts
 */
export function createRoom({ messages, documents, outbox, announcer, onReloaded }) {
  let channel = "";
  /** @type {any[]} */
  let said = [];
  /** Turns that are not over. @type {Map<string, any>} */
  let turns = new Map();
  let isLoaded = false;
  /** @type {() => void} */
  let stopListening = () => undefined;
  /** Counts the reloads and the channels entered: an answer that comes late is for nobody. */
  let visit = 0;
  let heardAt = Date.now();
  let documentsHeard = 0;
  setInterval(() => {
    if (turns.size > 0 && Date.now() - heardAt > QUIET_MS) void reload();
  }, QUIET_MS / 2);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && channel !== "") void reload();
  });

  return {
    get channel() {
      return channel;
    },
    /** @param {string} name */
    enter(name) {
      stopListening();
      channel = name;
      said = [];
      turns = new Map();
      isLoaded = false;
      visit += 1;
      messages.clear();
      documents.set([], null);
      show();
      const onLost = () => (byId("connection").hidden = false);
      stopListening = listen(name, { onEvent: hear, onOpen: cameBack, onLost });
    },
    show,
    reload,
    /** The server has a message of ours. @param {any} item @param {any} posted */
    take(item, posted) {
      if (item.channel !== channel) return;
      addMessage(posted.message);
      if (posted.turn !== null)
        changeTurn({ detail: null, position: null, ...turns.get(posted.turn.id), ...posted.turn });
      show();
      void reloadDocuments();
    },
    /** @param {string} turnId */
    async stop(turnId) {
      const turn = turns.get(turnId);
      if (turn === undefined) return;
      turns.set(turnId, { ...turn, stopping: true });
      show();
      const answer = await post(`/api/turns/${encodeURIComponent(turnId)}/cancel`).catch(() => null);
      if (answer !== null) changeTurn({ ...answer, stopping: true });
      else turns.set(turnId, turn);
      show();
    },
  };

  function show() {
    messages.show({ messages: said, pending: outbox.of(channel), turns, isLoaded });
  }

  function cameBack() {
    byId("connection").hidden = true;
    outbox.flush();
    void reload();
  }

  async function reload() {
    const own = (visit += 1);
    const before = new Set(said.map(({ id }) => id));
    heardAt = Date.now();
    try {
      const [answer] = await Promise.all([get(`${channelPath(channel)}/messages`), reloadDocuments()]);
      if (own !== visit) return;
      announceNew(answer.messages);
      // What was posted or heard while this answer was on its way is newer than the answer.
      const listed = new Set(answer.messages.map((/** @type {any} */ { id }) => id));
      said = [...answer.messages, ...said.filter(({ id }) => !before.has(id) && !listed.has(id))];
      await reloadTurns(own);
      isLoaded = true;
      show();
      onReloaded();
    } catch (error) {
      // That the server is away, the connection tells; when it is back, everything is fetched again.
      if (!(error instanceof ApiError) || error.isPassing || own !== visit) return;
      toast(t("message.loading_failed", { reason: error.message }));
    }
  }

  /** @param {number} own */
  async function reloadTurns(own) {
    const open = said.flatMap(({ author, turn }) =>
      author === "you" && turn !== null && !FINAL.includes(turn.state) ? [turn] : [],
    );
    const found = await Promise.all(
      open.map(async (turn) => (await get(`/api/turns/${encodeURIComponent(turn.id)}`).catch(() => null)) ?? turn),
    );
    if (own !== visit) return;
    for (const turn of found) changeTurn({ stopping: turns.get(turn.id)?.stopping, ...turn });
    const current = new Set(said.flatMap(({ turn }) => (turn === null || FINAL.includes(turn.state) ? [] : [turn.id])));
    for (const id of turns.keys()) if (!current.has(id)) turns.delete(id);
  }

  async function reloadDocuments() {
    const name = channel;
    const heard = documentsHeard;
    const [own, knowledge] = await Promise.all([get(`${channelPath(name)}/documents`), get("/api/knowledge")]);
    if (name !== channel) return;
    // An event that came while the answer was on its way may be newer than the answer: only a new answer is sure.
    if (documentsHeard === heard) documents.set(own.documents, knowledge.documents);
    else await reloadDocuments();
  }

  /** @param {string} name @param {any} data */
  function hear(name, data) {
    heardAt = Date.now();
    if (name === "message") {
      announceNew([...said, data]);
      addMessage(data);
    } else if (name === "turn") {
      const known = turns.get(data.id);
      changeTurn({ stopping: known?.stopping, ...data });
      if (known?.state !== data.state && !FINAL.includes(data.state)) announcer.say(toDetail(data));
    } else if (name === "document") {
      documentsHeard += 1;
      documents.change(data);
    } else if (name === "forgotten") {
      void reload();
    }
    show();
  }

  /** @param {any} message */
  function addMessage(message) {
    if (said.some(({ id }) => id === message.id)) return;
    said = [...said, message];
    if (message.author === "docent" && message.turnId !== null) turns.delete(message.turnId);
  }

  /** @param {any} turn */
  function changeTurn(turn) {
    // A 202 can arrive after the answer did: what is over stays over.
    const isAnswered = said.some(({ author, turnId }) => author === "docent" && turnId === turn.id);
    if (FINAL.includes(turn.state) || isAnswered) turns.delete(turn.id);
    else turns.set(turn.id, turn);
    said = said.map((message) =>
      message.turnId === turn.id ? { ...message, turn: { id: turn.id, state: turn.state } } : message,
    );
  }

  /** @param {any[]} now */
  function announceNew(now) {
    if (!isLoaded) return;
    const known = new Set(said.map(({ id }) => id));
    for (const message of now) if (message.author === "docent" && !known.has(message.id)) announcer.answer(message);
  }
}
