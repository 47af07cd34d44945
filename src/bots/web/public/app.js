// @ts-check
import { channelPath, get, remove } from "./api.js";
import { createChannels, DEFAULT_CHANNEL } from "./channels.js";
import { createComposer } from "./composer.js";
import { askChannelName, confirmDeletion, toast, toChannelName } from "./dialogs.js";
import { createDocuments } from "./documents.js";
import { byId } from "./dom.js";
import { createDrawers, createThemeToggle } from "./drawers.js";
import { acceptDrops } from "./drop.js";
import { showEngine } from "./engine.js";
import { t, translatePage } from "./i18n.js";
import { icon, placeIcons } from "./icons.js";
import { createKnowledge } from "./knowledge.js";
import { createSetup } from "./setup.js";
import { createUsage } from "./usage.js";
import { createMessages } from "./messages.js";
import { createAnnouncer } from "./announcer.js";
import { createOutbox } from "./outbox.js";
import { createRoom } from "./room.js";
import { createViewer } from "./viewer.js";

translatePage();
placeIcons();
createThemeToggle({
  button: byId("theme"),
  label: (isDark) => t(isDark ? "page.theme_light" : "page.theme_dark"),
  icons: (isDark) => icon(isDark ? "sun" : "moon"),
});
const drawers = createDrawers();
const announcer = createAnnouncer(byId("announcements"));
const me = await get("/api/me");
showEngine(me);

/** @param {{ id: string, name: string }} document */
const onDelete = (document) => void deleteDocument(document);
const knowledge = createKnowledge({
  limits: me,
  price: me.storagePrice,
  onOpen: openDocument,
  onDelete,
  onAdded(document) {
    // An event may have told more of it already.
    if (documents.find(document.id) === undefined) documents.change(document);
  },
});
createUsage({ price: me.storagePrice });
createSetup({ canSetUp: me.canSetUp, isOffered: me.engine === "local" });
const documents = createDocuments({ onOpen: openDocument, onDelete, onKnowledge: (team) => knowledge.show(team) });
const viewer = createViewer({ kindOf: (id) => documents.find(id)?.kind ?? null });
const messages = createMessages(
  { list: byId("messages"), scroller: byId("scroller"), jump: byId("jump"), empty: byId("empty") },
  {
    onCitation: (citation) => void viewer.open(citation),
    onFile: ({ documentId, name }) => openDocument({ id: documentId, name }),
    onStop: (turnId) => void room.stop(turnId),
    onRetry: (id) => outbox.retry(id),
    onDiscard: (id) => outbox.discard(id),
  },
);
const outbox = createOutbox({ onChange: () => room.show(), onPosted: (item, posted) => room.take(item, posted) });
const room = createRoom({ messages, documents, outbox, announcer, onReloaded: () => void listChannels() });
const composer = createComposer({
  limits: me,
  onSend(message) {
    outbox.add({ ...message, channel: room.channel });
    messages.toEnd();
  },
});
const channels = createChannels({ onChoose: (name) => enter(name, "push") });

const conversationDrop = {
  overlay: byId("drop"),
  /** @param {File[]} files */
  onFiles: (files) => composer.add(files),
  onFolder: () => composer.note(t("composer.folder")),
};
acceptDrops({ target: () => (knowledge.isOpen ? knowledge.drop : conversationDrop) });
byId("add-channel").addEventListener("click", async () => {
  const name = await askChannelName();
  if (name !== null) enter(name, "push");
});
byId("forget").addEventListener("click", forgetChannel);
byId("sign-out").hidden = !me.canSignOut;
// The address names the channel: a jump within the page leaves it alone.
byId("skip").addEventListener("click", (/** @type {Event} */ event) => {
  event.preventDefault();
  composer.focus();
});
window.addEventListener("popstate", () => enter(nameInUrl(), "keep"));
window.addEventListener("beforeunload", (event) => {
  if (!outbox.isEmpty() || knowledge.isBusy()) event.preventDefault();
});
enter(nameInUrl(), "keep");
document.body.dataset.ready = "true";

function nameInUrl() {
  const { searchParams, hash } = new URL(location.href);
  const name = searchParams.get("channel") ?? new URLSearchParams(`name=${hash.slice(1)}`).get("name") ?? "";
  return toChannelName(name) ?? DEFAULT_CHANNEL;
}

/** @param {string} name @param {"push" | "keep"} history */
function enter(name, history) {
  if (history === "push") window.history.pushState(null, "", `/?channel=${encodeURIComponent(name)}`);
  document.title = t("page.title", { channel: name });
  byId("channel-name").textContent = name;
  drawers.closeAll();
  composer.switchTo(name);
  channels.show(name);
  room.enter(name);
  if (history === "push") composer.focus();
}

async function listChannels() {
  const answer = await get("/api/channels").catch(() => null);
  if (answer === null) return;
  channels.setStored(answer.channels);
  channels.show(room.channel);
}

async function forgetChannel() {
  const { channel } = room;
  const isSure = await confirmDeletion({
    title: t("channel.forget_title", { channel }),
    text: t("channel.forget_text"),
    confirm: t("channel.forget_confirm"),
  });
  if (!isSure) return;
  await attempt(async () => {
    const { deleted, pending } = await remove(channelPath(channel));
    toast(pending ?? t("channel.forgotten", { messages: deleted.messages, documents: deleted.documents }));
    channels.forget(channel);
    if (room.channel === channel) await room.reload();
    composer.focus();
  });
}

/** @param {{ id: string, name: string }} document */
function openDocument({ id, name }) {
  void viewer.open({ documentId: id, document: name, place: null, quote: null });
}

/** @param {{ id: string, name: string }} document */
async function deleteDocument({ id, name }) {
  const isSure = await confirmDeletion({
    title: t("document.delete_title", { name }),
    text: t("document.delete_text"),
    confirm: t("document.delete_confirm"),
  });
  if (!isSure) return;
  await attempt(async () => {
    const answer = await remove(`/api/documents/${encodeURIComponent(id)}`);
    documents.change({ id, removed: true });
    toast(answer?.pending ?? t("document.deleted", { name }));
  });
}

/** @param {() => Promise<void>} action */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error));
  }
}
