/** A piece of a page's text, as character offsets; neighbours overlap by half. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

const MAX_CHARACTERS = 700;
/** Text without line breaks is cut at sentence ends, and at this length where there is none. */
const MAX_PIECE = 350;
const SENTENCE_END = /[.!?。！？][)\]"'”’」』]*\s|[。！？]/gu;

/** Cuts a page into overlapping chunks of at most 700 characters that begin and end with a line or sentence. */
export function chunkPage(text: string): Chunk[] {
  const pieces = toPieces(text);
  const chunks: Chunk[] = [];
  let first = 0;
  while (first < pieces.length) {
    const start = pieces[first]?.start ?? 0;
    let last = first;
    while (last + 1 < pieces.length && (pieces[last + 1]?.end ?? 0) - start <= MAX_CHARACTERS) last++;
    chunks.push({ start, end: pieces[last]?.end ?? text.length });
    if (last + 1 >= pieces.length) break;
    first += Math.max(1, Math.ceil((last - first + 1) / 2));
  }
  return chunks;
}

function toPieces(text: string): Chunk[] {
  const pieces: Chunk[] = [];
  for (const line of text.matchAll(/[^\n]+/g)) {
    const end = line.index + line[0].length;
    for (let start = line.index; start < end;) {
      const pieceEnd = end - start <= MAX_PIECE ? end : cutAt(text, start, end);
      if (text.slice(start, pieceEnd).trim() !== "") pieces.push({ start, end: pieceEnd });
      start = pieceEnd;
    }
  }
  return pieces;
}

function cutAt(text: string, start: number, end: number): number {
  const piece = text.slice(start, Math.min(end, start + MAX_PIECE));
  const sentence = [...piece.matchAll(SENTENCE_END)].at(-1);
  if (sentence !== undefined) return start + sentence.index + sentence[0].length;
  const space = piece.lastIndexOf(" ");
  if (space > 0) return start + space + 1;
  // Half of a surrogate pair is no character.
  const last = piece.charCodeAt(piece.length - 1);
  return start + piece.length - (last >= 0xd8_00 && last <= 0xdb_ff ? 1 : 0);
}
