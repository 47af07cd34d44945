import type { Document } from "../../../core/document.ts";

/** "Each file under 50 MB, and 50 MB combined per request" (guides/file-inputs, 2026-11). */
const MAX_INLINE_BYTES = 50 * 1024 * 1024 - 1;

/** Tables may take more of the prompt than other documents, as they cannot be searched as they are. */
const TABLE_FACTOR = 8;

/** Pictures given with one question. */
const MAX_IMAGES = 10;

export interface DocumentChoice {
  /** New in this question's message. */
  readonly inline: readonly Document[];
  /** Must be searchable before the run starts. */
  readonly searched: readonly Document[];
  /** Found no room this time. */
  readonly omitted: readonly Document[];
  /** Scans that are meant, and cost more than is spent without asking. */
  readonly costly: readonly Document[];
}

export function maxTableTokens(inlineMaxTokens: number): number {
  return inlineMaxTokens * TABLE_FACTOR;
}

/** Whether a document may stand in the prompt as a whole. */
export function isShort(document: Document, inlineMaxTokens: number): boolean {
  const tokens = document.tokens ?? Number.POSITIVE_INFINITY;
  return tokens <= inlineMaxTokens && (document.sizeBytes ?? 0) <= MAX_INLINE_BYTES;
}

/**
 * Divides a question's documents: what came with the message has the first call on the prompt, then the most recent.
 * What is in the conversation already is not given again.
 */
export function chooseDocuments(question: {
  readonly attached: readonly Document[];
  readonly available: readonly Document[];
  readonly inside: ReadonlySet<string>;
  /** Documents that were inside once, and are searched from then on. */
  readonly left: ReadonlySet<string>;
  readonly insideBytes: number;
  readonly inlineMaxTokens: number;
  /** Whether a document may lie in a vector store. */
  readonly isSearchable: (document: Document) => boolean;
  /** Scans that this question is about, and those whose cost somebody has agreed to. */
  readonly wantedScans?: ReadonlySet<string>;
  readonly agreedScans?: ReadonlySet<string>;
}): DocumentChoice {
  const { inlineMaxTokens, inside, left, wantedScans, agreedScans } = question;
  const recentFirst = question.available.toSorted((one, other) => other.createdAt - one.createdAt);
  const attached = new Set(question.attached.map(({ id }) => id));
  const inline: Document[] = [];
  const searched: Document[] = [];
  const omitted: Document[] = [];
  const costly: Document[] = [];
  let tokensLeft = inlineMaxTokens;
  let tableTokensLeft = maxTableTokens(inlineMaxTokens);
  let bytesLeft = MAX_INLINE_BYTES - question.insideBytes;
  let imagesLeft = MAX_IMAGES;

  for (const document of [...question.attached, ...recentFirst.filter(({ id }) => !attached.has(id))]) {
    if (inside.has(document.id)) continue;
    const tokens = document.tokens ?? 0;
    const bytes = document.sizeBytes ?? 0;
    const kind = document.type?.kind;
    if (kind === "image") {
      const fits = imagesLeft > 0;
      (fits ? inline : omitted).push(document);
      if (fits) imagesLeft -= 1;
    } else if (kind === "scan") {
      const fits = tokens <= tokensLeft && bytes <= bytesLeft;
      const isAgreed = agreedScans?.has(document.id) === true && bytes <= bytesLeft;
      if (fits || isAgreed) {
        inline.push(document);
        [tokensLeft, bytesLeft] = [Math.max(0, tokensLeft - tokens), bytesLeft - bytes];
      } else (wantedScans?.has(document.id) === true && bytes <= bytesLeft ? costly : omitted).push(document);
    } else if (!question.isSearchable(document)) {
      const fits = tokens <= tableTokensLeft && bytes <= bytesLeft;
      (fits ? inline : omitted).push(document);
      if (fits) [tableTokensLeft, bytesLeft] = [tableTokensLeft - tokens, bytesLeft - bytes];
    } else {
      const wanted = isShort(document, inlineMaxTokens) && (attached.has(document.id) || !left.has(document.id));
      const fits = wanted && tokens <= tokensLeft && bytes <= bytesLeft;
      (fits ? inline : searched).push(document);
      if (fits) [tokensLeft, bytesLeft] = [tokensLeft - tokens, bytesLeft - bytes];
    }
  }
  return { inline, searched, omitted, costly };
}
