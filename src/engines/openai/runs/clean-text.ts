/** A text without markers, and the way from offsets in what came to offsets in it. */
export interface CleanText {
  readonly text: string;
  toOffset(original: number): number;
}

/**
 * The Assistants API wrote `【15†source】` into its answers. Today's texts come clean (openai-ruby issue 310, 2026-08);
 * should a marker or one in private-use characters slip through, nobody is to see it.
 */
const MARKERS = /【[^【】\n]{0,80}†[^【】\n]{0,200}】|\u{E200}[^\u{E201}\n]{0,200}\u{E201}/gu;

export function cleanText(original: string): CleanText {
  const cuts = [...original.matchAll(MARKERS)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  return {
    text: cuts.length === 0 ? original : original.replaceAll(MARKERS, ""),
    toOffset(offset) {
      let removed = 0;
      for (const { start, end } of cuts) if (offset > start) removed += Math.min(offset, end) - start;
      return offset - removed;
    },
  };
}
