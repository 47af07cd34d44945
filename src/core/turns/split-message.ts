/**
 * Splits Markdown into parts of at most `max` UTF-16 units, between blocks where that is possible. A code block that is
 * too long is closed and opened again with its language, a table gets its header again; a paragraph is cut between
 * lines, else sentences, else words, never inside a link or inline code. Only what has no such place is cut anywhere.
 */
export function splitMessage(text: string, max: number): string[] {
  if (text.trim() === "") return [];
  if (text.length <= max) return [text];
  const parts: string[] = [];
  let current = "";
  const blocks = toBlocks(text).flatMap((block) => (block.length <= max ? [block] : splitBlock(block, max)));
  for (const [index, block] of blocks.entries()) {
    const joined = current === "" ? block : `${current}\n\n${block}`;
    // A heading stays with what it is the heading of.
    const next = blocks[index + 1];
    const strands = isHeading(block) && next !== undefined && joined.length + 2 + next.length > max;
    if (joined.length <= max && !(strands && current !== "" && block.length + 2 + next.length <= max)) {
      current = joined;
      continue;
    }
    if (current !== "") parts.push(current);
    current = block;
  }
  if (current !== "") parts.push(current);
  return parts;
}

/** Code blocks, tables and what stands between blank lines, in order; blank lines inside a code block stay. */
function toBlocks(text: string): string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let fence: string | undefined;
  const close = (): void => {
    const block = lines.join("\n").trimEnd();
    if (block.trim() !== "") blocks.push(block);
    lines = [];
  };
  for (const line of text.split("\n")) {
    const opening = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      lines.push(line);
      if (opening?.startsWith(fence) === true && line.trim() === opening) {
        fence = undefined;
        close();
      }
    } else if (opening !== undefined) {
      close();
      fence = opening;
      lines.push(line);
    } else if (line.trim() === "") {
      close();
    } else {
      const startsOrEndsTable = isRow(line) !== isRow(lines.at(-1) ?? line);
      if (startsOrEndsTable || isHeading(lines.at(-1) ?? "")) close();
      lines.push(line);
    }
  }
  close();
  return blocks;
}

function isRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line);
}

function isHeading(block: string): boolean {
  return /^#{1,6} \S[^\n]*$/.test(block);
}

function splitBlock(block: string, max: number): string[] {
  const lines = block.split("\n");
  const [first = "", second = ""] = lines;
  const fence = /^\s*(`{3,}|~{3,})/.exec(first)?.[1];
  if (fence !== undefined) {
    const isClosed = lines.length > 1 && (lines.at(-1) ?? "").trim() === fence;
    return packLines(lines.slice(1, isClosed ? -1 : undefined), max, { head: first, foot: fence });
  }
  if (isRow(first) && /^[\s|:-]+$/.test(second) && first.length + second.length < max / 2) {
    return packLines(lines.slice(2), max, { head: `${first}\n${second}`, foot: "" });
  }
  return packPieces(toPieces(block), max);
}

/** Lines in parts that each begin with `head` and end with `foot`; a line that is too long is cut anywhere. */
function packLines(lines: readonly string[], max: number, { head, foot }: { head: string; foot: string }): string[] {
  const room = max - head.length - foot.length - 2;
  const wrap = (body: readonly string[]): string =>
    [head, ...body, foot].filter((line, at, all) => at < all.length - 1 || line !== "").join("\n");
  const parts: string[] = [];
  let body: string[] = [];
  let length = 0;
  for (const line of lines.flatMap((each) => cutAnywhere(each, room))) {
    if (body.length > 0 && length + line.length + 1 > room) {
      parts.push(wrap(body));
      [body, length] = [[], 0];
    }
    body.push(line);
    length += line.length + 1;
  }
  if (body.length > 0) parts.push(wrap(body));
  return parts;
}

/** Links, inline code, addresses and words, each with the space behind it. None of them is to be cut. */
function toPieces(paragraph: string): string[] {
  return (
    paragraph.match(
      /(?:!?\[[^\]\n]*\]\([^)\n]*\)|(`+)(?:(?!\1)[\s\S])+?\1(?!`)|<[^>\s]+>|\S)+?(?:\s+|$|(?=!?\[[^\]\n]*\]\()|(?=`))/g,
    ) ?? [paragraph]
  );
}

/** Packs pieces; a part ends at the last line or sentence in its second half, else at the last piece that fits. */
function packPieces(pieces: readonly string[], max: number): string[] {
  const parts: string[] = [];
  let current: string[] = [];
  let length = 0;
  const flush = (count: number): void => {
    const part = current.slice(0, count).join("").trim();
    if (part !== "") parts.push(part);
    current = current.slice(count);
    length = current.reduce((sum, piece) => sum + piece.length, 0);
  };
  for (const piece of pieces.flatMap((each) => (each.trimEnd().length > max ? cutAnywhere(each, max) : [each]))) {
    if (length + piece.trimEnd().length > max) flush(findEnd(current, max));
    // The rest of a cut sentence may still be too long together with the next piece.
    if (length + piece.trimEnd().length > max) flush(current.length);
    current.push(piece);
    length += piece.length;
  }
  flush(current.length);
  return parts;
}

function findEnd(pieces: readonly string[], max: number): number {
  for (const isEnd of [/\n\s*$/, /[.!?。！？…]["'”’)\]]*\s*$/]) {
    let length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    for (let at = pieces.length - 1; at > 0 && length > max / 2; at--) {
      if (isEnd.test(pieces[at] ?? "")) return at + 1;
      length -= pieces[at]?.length ?? 0;
    }
  }
  return pieces.length;
}

/** Cuts what has no better place, between characters as people see them. */
function cutAnywhere(text: string, max: number): string[] {
  if (text.length <= max) return [text];
  const parts: string[] = [];
  let current = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (current.length + segment.length > max && current !== "") {
      parts.push(current);
      current = "";
    }
    current += segment;
  }
  parts.push(current);
  return parts;
}
