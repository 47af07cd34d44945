import { shorten } from "../../core/citing/text-terms.ts";
import type { Document } from "../../core/document.ts";
import { DocentError } from "../../core/errors.ts";
import type { Problem } from "../../core/incoming.ts";
import type { Engine, Question, RunResult, Source } from "../../core/ports/engine.ts";
import { isOtherScript } from "../../core/texts/script-of.ts";
import { errorText, listText, text } from "../../core/texts/text.ts";
import { focusPassage, type Focused } from "./focus-passage.ts";
import type { Passage, PassageIndex } from "./passage-index.ts";
import { splitQuestion } from "./split-question.ts";
import { asksAboutWhole } from "./stop-words.ts";

const MAX_PASSAGES = 5;
const MAX_PASSAGES_PER_PART = 3;
/** So many tell in which letters the documents are written. */
const DOCUMENTS_SAMPLED = 5;
/** Of so many the beginning is quoted where a summary was asked for. */
const DOCUMENTS_BEGUN = 3;
/** So many are named where nothing was found. */
const DOCUMENTS_NAMED = 5;
/** What is quoted of a passage; one sentence may be longer. */
const MAX_QUOTE_CHARACTERS = 280;
/** Far more than is quoted. */
const MAX_BEGINNING_CHARACTERS = 2_000;
/** Nobody reads more of an endless sentence. */
const MAX_LINE_CHARACTERS = 420;

/**
 * Answers on this machine alone: it quotes the passages that fit the question best, with their pages, in the order of
 * the question's parts. It keeps no memory of a conversation, so its runs can be repeated freely.
 */
export function createLocalEngine(options: { index: PassageIndex; isStandIn?: boolean }): Engine {
  const { index, isStandIn = false } = options;

  async function answer(question: Question, signal: AbortSignal): Promise<RunResult> {
    if (signal.aborted) throw toCancelled(signal);
    const documents = [...question.attached, ...question.available].map(({ document }) => document);
    const pictures = question.attached.map(({ document }) => document).filter(isPicture);
    const apology = pictures.map((document) => `> ⚠️ ${errorText(toUnseen(document), question.locale)}`);
    // What such a question asks is about its pictures: other documents would answer something else.
    if (pictures.length > 0 && pictures.length === question.attached.length)
      return withPrefix(apology.join("\n>\n"), toResult(text("answer.problems_only", question.locale)));
    const readable = documents.filter((document) => !isPicture(document));
    const body = await answerFrom(readable, question, signal);
    return withPrefix(apology.join("\n>\n"), body);
  }

  async function answerFrom(
    documents: readonly Document[],
    question: Question,
    signal: AbortSignal,
  ): Promise<RunResult> {
    if (documents.length === 0) {
      const isEmpty = question.available.length === 0;
      return toResult(isEmpty ? text("local.no_documents", question.locale) : await sayNothingFound(question));
    }
    const documentIds = documents.map(({ id }) => id);
    const asked = splitQuestion(question.text);
    const limit = asked.length > 1 ? MAX_PASSAGES_PER_PART : MAX_PASSAGES;
    const search = async (part: string): Promise<{ part: string; passages: readonly Passage[] }> => {
      const passages = await unlessAborted(index.search(part, { documentIds, limit }), signal);
      return { part, passages: passages.filter((passage) => passage.relevant) };
    };
    let found: Awaited<ReturnType<typeof search>>[] = [];
    for (const part of asked) found.push(await search(part));
    // "Is that right?" says nothing by itself: then what it is about is looked for.
    if (question.context !== null && found.every(({ passages }) => passages.length === 0)) {
      found = [await search(`${question.text}\n${question.context}`)];
    }
    if (found.every(({ passages }) => passages.length === 0)) {
      return asksAboutWhole(question.text)
        ? await quoteBeginnings(question)
        : toResult(await sayNothingFound(question));
    }
    const writer = createWriter();
    // Who stands in for a model is introduced by core.
    if (!isStandIn) writer.paragraph(text("local.passages", question.locale));
    for (const { part, passages } of found) {
      if (found.length > 1)
        writer.paragraph(`**${text("local.for_part", question.locale, { part: escapeMarkdown(part) })}**`);
      if (passages.length === 0) writer.paragraph(text("local.part_nothing", question.locale));
      for (const passage of passages) {
        const unit = documents.find(({ id }) => id === passage.documentId)?.unit ?? "page";
        writer.quote(passage, focusPassage(passage.text, part, unit, MAX_QUOTE_CHARACTERS));
      }
    }
    return writer.result();
  }

  return {
    name: "local",
    check: () => Promise.resolve({ ready: true }),
    problemWith: (document) => (document.type?.kind === "scan" ? toUnseen(document) : null),
    async addDocument(readable, signal) {
      // Also asked for a document that has no text: a picture is kept, and said to be unseen when it is asked about.
      const { id, name, scope } = readable.document;
      await index.add({ id, name, scope: `${scope.kind}:${scope.key}` }, await readable.pages(), signal);
    },
    removeDocument: (document) => index.remove(document.id),
    startRun: (question) => Promise.resolve({ engine: "local", id: question.turnId, resume: {} }),
    waitForRun: (_run, question, { signal }) => answer(question, signal),
    cancelRun: () => Promise.resolve(),
    // It remembers no conversation.
    forgetTurn: () => Promise.resolve(),
    leaveConversation: () => Promise.resolve(),
    forgetConversation: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

/** What can be done for a summary without a model; the question's own documents alone where it brought some. */
async function quoteBeginnings({ locale, attached, available }: Question): Promise<RunResult> {
  const writer = createWriter();
  writer.paragraph(text("local.no_summary", locale));
  const readable = (attached.length > 0 ? attached : available).filter(({ document }) => !isPicture(document));
  for (const each of readable.slice(0, DOCUMENTS_BEGUN)) {
    const { document } = each;
    const first = (await each.pages()).find((page) => page.text.trim() !== "");
    if (first === undefined) continue;
    const begun = focusPassage(first.text.slice(0, MAX_BEGINNING_CHARACTERS), "", document.unit, MAX_QUOTE_CHARACTERS);
    writer.quote({ documentId: document.id, page: first.number }, begun);
  }
  return writer.result();
}

/** Also where it was looked for, and why that may have failed. */
async function sayNothingFound({ text: asked, locale, attached, available }: Question): Promise<string> {
  const readable = [...attached, ...available].filter(({ document }) => !isPicture(document));
  const some = readable.slice(0, DOCUMENTS_SAMPLED);
  const beginnings = await Promise.all(some.map(async (each) => (await each.pages())[0]?.text.slice(0, 2000) ?? ""));
  const list = listNames(
    readable.map(({ document }) => document),
    locale,
  );
  const why = isOtherScript(asked, beginnings) ? "local.other_script" : "local.by_words";
  const lookedIn = readable.length === 0 ? "" : text("local.looked_in", locale, { names: list });
  // Those that came with the question are told of anyway.
  const unseen = available.filter(({ document }) => isPicture(document)).map(({ document }) => document);
  const leftOut = unseen.length === 0 ? "" : text("local.unseen", locale, { names: listNames(unseen, locale) });
  return [text("local.nothing_relevant", locale), lookedIn, leftOut, text(why, locale)].filter(Boolean).join(" ");
}

/** The first few by name, and how many more there are. */
function listNames(documents: readonly Document[], locale: string): string {
  const names = documents.slice(0, DOCUMENTS_NAMED).map(({ name }) => `“${escapeMarkdown(name)}”`);
  const more = documents.length - names.length;
  return listText(more > 0 ? [...names, text("local.looked_in_more", locale, { more })] : names, locale);
}

/** What `work` resolves to; rejects as soon as the signal aborts, also while the database is away. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(toCancelled(signal));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function toCancelled({ reason }: AbortSignal): DocentError {
  return new DocentError("cancelled", "The question was stopped before it was answered.", { cause: reason });
}

/** Builds the Markdown of an answer and remembers where each source's mark belongs. */
function createWriter(): {
  paragraph(line: string): void;
  quote(passage: Pick<Passage, "documentId" | "page">, focused: Focused): void;
  result(): RunResult;
} {
  let written = "";
  const sources: Source[] = [];
  const append = (block: string): void => {
    written += written === "" ? block : `\n\n${block}`;
  };
  return {
    paragraph: append,
    quote({ documentId, page }, { heading, lines, quote }) {
      const shown = lines.map((line) => escapeMarkdown(shorten(line, MAX_LINE_CHARACTERS)));
      if (heading !== null) shown.unshift(`**${escapeMarkdown(heading)}**`);
      // Lines of one paragraph would run into each other.
      append(shown.map((line) => `> ${line}`).join("\n>\n"));
      sources.push({ documentId, at: written.length, page, passage: quote });
    },
    result: () => toResult(written, sources),
  };
}

function toResult(answer: string, sources: readonly Source[] = []): RunResult {
  return { text: answer, sources, consulted: [], usage: null, cutShort: null };
}

function withPrefix(prefix: string, result: RunResult): RunResult {
  if (prefix === "") return result;
  const head = `${prefix}\n\n`;
  const sources = result.sources.map((source) => ({
    ...source,
    at: source.at === null ? null : source.at + head.length,
  }));
  return { ...result, text: head + result.text, sources };
}

/** Also a scan is nothing but pictures. */
function isPicture({ type }: Document): boolean {
  return type?.kind === "image" || type?.kind === "scan";
}

function toUnseen({ name, type, pages }: Document): Problem {
  return type?.kind === "scan"
    ? { code: "file_scanned", details: { name, pages: pages ?? 1 } }
    : { code: "image_needs_model", details: { name } };
}

/** Text of a document is shown as it is: nothing in it may become formatting, a link or HTML. */
function escapeMarkdown(line: string): string {
  return line.replace(/[\\`*_[\]<>#|~]/g, (sign) => `\\${sign}`).replace(/^(\s*\d*)([-+.)])(?=\s)/, "$1\\$2");
}
