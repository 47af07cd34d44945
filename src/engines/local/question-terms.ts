import { FINANCE_VOCABULARY, STATEMENT_HEADINGS, type Statement } from "./finance-vocabulary.ts";
import { parsePageReferences } from "./page-references.ts";
import { asksForTitlePage, STOP_WORDS, WEAK_WORDS, withoutQuestionWords } from "./stop-words.ts";
import { foldCase, tokenize, type Token } from "./tokenize.ts";

/** One thing to look for. Each alternative is a phrase: terms that follow each other. */
export interface QuestionTerm {
  readonly alternatives: ReadonlyArray<readonly string[]>;
  readonly weight: number;
  /** Where it stands in the question. */
  readonly position: number;
  /** `asked`: the question's own term; `written`: what reports call it; `heading`: the heading of a statement. */
  readonly kind: "asked" | "written" | "heading";
  /** Whether a page about the question should have it: not so for remarks and for the endings of Korean words. */
  readonly isKey: boolean;
  /** The word itself when it is written like a name: names are not inflected, so "Mars" is not "Mar". */
  readonly properName?: string;
  /** Forms under which the term may be part of a document's name: "best" of "Best Buy" is in "BESTBUY". */
  readonly nameForms: readonly string[];
}

/** A question taken apart for searching. */
export interface QuestionTerms {
  readonly terms: readonly QuestionTerm[];
  /** Pages the question names: from 1, or from the end (-1). */
  readonly pages: readonly number[];
  /** True when it asks for what title pages hold: title, author, parties of a case. */
  readonly asksForTitlePage: boolean;
}

/** More would make a search slow, and say nothing more: someone has pasted a text. */
const MAX_CHARACTERS = 2000;
const MAX_TERMS = 100;
const WEIGHT = { weak: 0.35, kana: 0.3, mixedKana: 0.6, remark: 0.3, written: 0.4, heading: 1, headingNamed: 1.5 };
const KANA = /^[\p{Script=Hiragana}ー]+$/u;
const HANGUL = /\p{Script=Hangul}/u;
const HAS_HIRAGANA = /\p{Script=Hiragana}/u;
const FORMAT_REQUEST =
  /\b(?:format(?:ted)?|round(?:ed)?|integer|decimals?|list (?:all|like|format)|answer in|in (?:millions|billions|thousands)|answer should|return me)\b/i;
const EXAMPLE_OF_ANSWER = /(?:\b(?:like|for example|e\.g\.|such as),?\s*)?\[[^\]]*\]/gi;
const REMARK = /(?<=[.?;]\s*)(?:if|please|then)\b[^.?]*\b(?:state|explain|relevant|useful|meaningful)\b/i;

/** Takes a question apart into weighted terms, what those are called in financial reports, and the pages it names. */
export function parseQuestionTerms(question: string): QuestionTerms {
  const { pages, rest } = parsePageReferences(withoutFormatRequests(question.slice(0, MAX_CHARACTERS)));
  const text = withoutQuestionWords(rest);
  const remarkStart = REMARK.exec(text)?.index ?? Infinity;
  const tokens = tokenize(text);
  const asked = toAskedTerms(text, tokens, remarkStart);
  const sequence = toSequence(tokens.filter((token) => token.start < remarkStart));
  return {
    terms: [...asked.slice(0, MAX_TERMS), ...toReportTerms(sequence)],
    pages,
    asksForTitlePage: asksForTitlePage(text),
  };
}

/** The terms of a phrase in order, one for each position. */
export function toPhrase(text: string): readonly string[] {
  return toSequence(tokenize(text));
}

function withoutFormatRequests(question: string): string {
  const sentences = question.replaceAll(EXAMPLE_OF_ANSWER, " ").split(/(?<=[.?!])\s+(?=\S)|(?<=[。？！])\s*(?=\S)/u);
  return sentences.filter((sentence, index) => index === 0 || !FORMAT_REQUEST.test(sentence)).join(" ");
}

function toAskedTerms(text: string, tokens: readonly Token[], remarkStart: number): QuestionTerm[] {
  const terms: QuestionTerm[] = [];
  const seen = new Set<string>();
  const hangulWords = new Set<number>();
  for (const token of tokens) {
    const word = foldCase(text.slice(token.start, token.end)).replace(/['’]s?$/, "");
    if (STOP_WORDS.has(word) || seen.has(token.term)) continue;
    seen.add(token.term);
    let weight = 1;
    if (KANA.test(token.term)) weight = WEIGHT.kana;
    else if (HAS_HIRAGANA.test(token.term)) weight = WEIGHT.mixedKana;
    else if (WEAK_WORDS.has(word) || /..ly$/.test(word)) weight = WEIGHT.weak;
    if (token.start >= remarkStart) weight *= WEIGHT.remark;
    let isKey = token.start < remarkStart && !HAS_HIRAGANA.test(token.term);
    if (isKey && HANGUL.test(token.term)) {
      // The first two syllables are the part that stays when a word is inflected.
      isKey = token.term.length <= 2 && !hangulWords.has(token.start);
      if (isKey) hangulWords.add(token.start);
    }
    const nameForms = toNameForms(text, tokens, token);
    const properName = word !== token.term && isWrittenAsName(text, token) ? word : undefined;
    const { position } = token;
    terms.push({ alternatives: [[token.term]], weight, position, kind: "asked", isKey, properName, nameForms });
  }
  return terms;
}

/** Capitalised inside a sentence that is not all capitals. */
function isWrittenAsName(text: string, token: Token): boolean {
  const before = text.slice(0, token.start);
  return /^\p{Lu}\p{Ll}/u.test(text.slice(token.start, token.end)) && /\p{Ll}[,;:]?\s+$/u.test(before);
}

function toNameForms(text: string, tokens: readonly Token[], token: Token): string[] {
  const forms = [token.term];
  for (const neighbour of tokens) {
    const [first, second] = neighbour.position < token.position ? [neighbour, token] : [token, neighbour];
    if (second.position - first.position !== 1) continue;
    const joined = tokenize(text.slice(first.start, first.end) + text.slice(second.start, second.end));
    if (joined.length === 1 && joined[0] !== undefined) forms.push(joined[0].term);
  }
  return forms;
}

function toReportTerms(sequence: readonly string[]): QuestionTerm[] {
  const written = new Set<string>();
  const statements = new Set<Statement>();
  for (const entry of FINANCE_VOCABULARY) {
    if (!entry.asked.some((phrase) => includesPhrase(sequence, toPhrase(phrase)))) continue;
    for (const phrase of entry.written) written.add(phrase);
    for (const statement of entry.statements) statements.add(statement);
  }
  const unplaced = { position: -1, isKey: false, nameForms: [] };
  const terms: QuestionTerm[] = Array.from(written, (phrase) => ({
    alternatives: [toPhrase(phrase)],
    weight: WEIGHT.written,
    kind: "written",
    ...unplaced,
  }));
  for (const statement of statements) {
    const alternatives = STATEMENT_HEADINGS[statement].map(toPhrase);
    const named = alternatives.some((phrase) => includesPhrase(sequence, phrase));
    terms.push({ alternatives, weight: named ? WEIGHT.headingNamed : WEIGHT.heading, kind: "heading", ...unplaced });
  }
  return terms;
}

function includesPhrase(sequence: readonly string[], phrase: readonly string[]): boolean {
  return sequence.some((_, start) => phrase.every((term, offset) => sequence[start + offset] === term));
}

function toSequence(tokens: readonly Token[]): string[] {
  const byPosition = new Map<number, string>();
  for (const token of tokens) if (!byPosition.has(token.position)) byPosition.set(token.position, token.term);
  return [...byPosition.values()];
}
