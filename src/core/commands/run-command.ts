import { mayUseKnowledge } from "../knowledge-policy.ts";
import type { Incoming } from "../incoming.ts";
import type { Document } from "../document.ts";
import type { Command, CommandAction, CommandReply } from "../ports/command.ts";
import type { Accepted } from "../ports/docent.ts";
import type { UsageDeps } from "../spending/usage-report.ts";
import type { TextValues } from "../texts/fill-text.ts";
import type { TextKey } from "../texts/language.ts";
import { text } from "../texts/text.ts";
import { listDocuments } from "./list-documents.ts";
import { reportUsage } from "./report-usage.ts";

/** What commands act on. */
export interface CommandDeps extends UsageDeps {
  readonly language: string | null;
  readonly knowledgeEditors: readonly string[];
  readonly knowledgeInSharedChannels: boolean;
  /** These store what is wanted; the answer follows when it is done. */
  readonly removeDocument: (document: Document) => Promise<void>;
  readonly forget: () => Promise<void>;
  readonly startOver: () => Promise<void>;
  readonly accept: (incoming: Incoming) => Promise<Accepted>;
}

/**
 * Runs one command; null when its answer follows. What destroys something asks first and is done when it comes back `confirmed`; who may do it is
 * checked both times.
 */
export async function runCommand(command: Command, deps: CommandDeps): Promise<CommandReply | null> {
  const say = (key: TextKey, values: TextValues = {}): string => text(key, deps.language ?? command.locale, values);
  const run: Readonly<Record<Command["name"], () => Promise<CommandReply | null>>> = {
    docs: runDocs,
    knowledge: runKnowledge,
    new: runNew,
    forget: runForget,
    usage: runUsage,
    help: () => Promise.resolve(hidden(say("command.help"))),
  };
  return await run[command.name]();

  async function runNew(): Promise<null> {
    await deps.startOver();
    return null;
  }

  async function runDocs(): Promise<CommandReply | null> {
    const own = await deps.documents.list({ scope: { kind: "channel", key: command.channel.key } });
    const [verb = "", ...rest] = command.argument.trim().split(/\s+/);
    if (verb === "remove") return await remove(own, rest.join(" "), (document) => mayRemove(document));
    if (own.length === 0) return hidden(say("command.docs.none"));
    const lines = listDocuments(own, deps.language ?? command.locale);
    return hidden(`${say("command.docs.title", { count: own.length })}\n\n${lines}`, removals(own, "docs"));
  }

  async function runKnowledge(): Promise<CommandReply | null> {
    if (!mayUseKnowledge(command, deps)) return hidden(say("command.knowledge.shared"));
    const team = await deps.documents.list({ scope: { kind: "workspace", key: command.channel.workspace } });
    const [verb = "list", ...rest] = command.argument.trim().split(/\s+/).filter(Boolean);
    if (verb === "add") return await addKnowledge();
    if (verb === "remove") return await remove(team, rest.join(" "), isEditor);
    if (team.length === 0) return hidden(say("command.knowledge.none"));
    const lines = listDocuments(team, deps.language ?? command.locale);
    const actions = isEditor() ? removals(team, "knowledge") : [];
    return hidden(`${say("command.knowledge.title", { count: team.length })}\n\n${lines}`, actions);
  }

  async function addKnowledge(): Promise<CommandReply> {
    if (!isEditor()) return hidden(say("command.knowledge.forbidden"));
    if (command.brings === undefined) return hidden(say("command.knowledge.add"));
    const { documents } = await deps.accept(command.brings);
    return hidden(say("command.knowledge.added", { count: documents.length }));
  }

  /** `wanted` is an id, a name, or the number that the list shows. */
  async function remove(
    documents: readonly Document[],
    wanted: string,
    isAllowed: (document: Document) => boolean,
  ): Promise<CommandReply | null> {
    const byName = documents.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    const document = documents.find(({ id }) => id === wanted) ?? byName.at(-1) ?? documents[Number(wanted) - 1];
    if (document === undefined) return hidden(say("command.remove.unknown", { name: wanted }));
    const { id, name } = document;
    if (!isAllowed(document)) return hidden(say("command.remove.forbidden", { name }));
    if (!command.confirmed) {
      const again: CommandAction = {
        label: say("command.remove.button", { name: shortName(name) }),
        style: "danger",
        command: { name: command.name, argument: `remove ${id}`, confirmed: true },
      };
      return hidden(say("command.remove.sure", { name }), [again]);
    }
    await deps.removeDocument(document);
    return null;
  }

  async function runForget(): Promise<CommandReply | null> {
    if (!command.isAdmin && !command.channel.isDirect) return hidden(say("command.forget.forbidden"));
    if (!command.confirmed) {
      const again: CommandAction = {
        label: say("command.forget.button"),
        style: "danger",
        command: { name: "forget", argument: "", confirmed: true },
      };
      return hidden(say("command.forget.sure"), [again]);
    }
    await deps.forget();
    return null;
  }

  async function runUsage(): Promise<CommandReply> {
    const locale = deps.language ?? command.locale;
    return hidden(await reportUsage(command, { ...deps, locale, seesAll: isEditor() }));
  }

  function removals(documents: readonly Document[], name: "docs" | "knowledge"): CommandAction[] {
    // As many buttons as fit every platform; older documents are removed by their number.
    const allowed = documents.filter((document) => (name === "docs" ? mayRemove(document) : true)).slice(-5);
    return allowed.map((document) => ({
      label: say("command.remove.button", { name: shortName(document.name) }),
      style: "plain",
      command: { name, argument: `remove ${document.id}`, confirmed: false },
    }));
  }

  function mayRemove(document: Document): boolean {
    return command.isAdmin || command.channel.isDirect || document.postedBy === command.author.id;
  }

  function isEditor(): boolean {
    return command.isAdmin || deps.knowledgeEditors.includes(command.author.id);
  }
}

/** Buttons hold few letters on every platform. */
function shortName(name: string): string {
  return name.length <= 40 ? name : `${name.slice(0, 39)}…`;
}

function hidden(reply: string, actions: readonly CommandAction[] = []): CommandReply {
  return { text: reply, isPrivate: true, actions };
}
