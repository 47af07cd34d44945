import { PIECE_LENGTH, PIECE_STEP, type LetterIndex } from "./letter-index.ts";

/** How the letters of a passage lie in a document. */
export interface Alignment {
  /** The share of the passage that was found. */
  readonly coverage: number;
  /** For each letter of the passage the index of its page, `UNKNOWN`, or `EVERYWHERE`: it tells no page from others. */
  readonly pages: Int32Array;
}

export const UNKNOWN = -1;
export const EVERYWHERE = -2;

/** How far letters may be from where the rest of a passage lies: headers come between, and columns change places. */
const STRETCH = 1_024;
/** How far the best place must be ahead of the next. */
const LEAD = 1.2;
/** How far a piece may be from where its neighbours say it is. */
const DRIFT = 48;
/** Letters that were not found count for the page of those around them, this far at the ends of a passage. */
const MAX_EDGE = 60;

/** Finds where the letters of a passage stand: "nowhere", or "repeated" when they stand as well in another place. */
export function alignPassage(index: LetterIndex, passage: string, lead = LEAD): Alignment | "nowhere" | "repeated" {
  const known = alignments.get(index) ?? new Map<string, Alignment | "nowhere" | "repeated">();
  alignments.set(index, known);
  const alignment = known.get(passage) ?? align(index, passage, lead);
  known.set(passage, alignment);
  return alignment;
}

/** One chunk is often the source of several sentences of an answer. */
const alignments = new WeakMap<LetterIndex, Map<string, Alignment | "nowhere" | "repeated">>();

function align(index: LetterIndex, passage: string, lead: number): Alignment | "nowhere" | "repeated" {
  const { places, common } = findPlaces(index, passage);
  const near = findStretch(places, lead);
  if (typeof near === "string") return near;
  const inside = places.map((found, at) => found.filter((offset) => isNear(offset - at, near)));
  const offsets = chooseOffsets(inside);
  const pages = new Int32Array(passage.length).fill(UNKNOWN);
  const covered = new Uint8Array(passage.length);
  for (const [at, isCommon] of common.entries()) {
    if (!isCommon) continue;
    covered.fill(1, at, at + PIECE_LENGTH);
    pages.fill(EVERYWHERE, at, at + PIECE_LENGTH);
  }
  for (const [at, found] of inside.entries()) {
    if (found.length === 0) continue;
    covered.fill(1, at, at + PIECE_LENGTH);
    const page = toPage(found, offsets[at] ?? -1);
    if (page >= 0) pages.fill(page, at, at + PIECE_LENGTH);
  }
  fillGaps(pages);
  return { coverage: covered.reduce((sum, one) => sum + one, 0) / passage.length, pages };

  function toPage(found: readonly number[], chosen: number): number {
    if (chosen >= 0) return index.pageAt(chosen);
    const [first = 0] = found;
    const page = index.pageAt(first);
    return found.every((offset) => index.pageAt(offset) === page) ? page : -1;
  }
}

/** For each piece of the passage the offsets at which it stands, and whether they are too many to tell. */
function findPlaces(index: LetterIndex, passage: string): { places: number[][]; common: boolean[] } {
  const found: (readonly number[])[] = [];
  const common: boolean[] = [];
  for (let at = 0; at + PIECE_LENGTH <= passage.length; at += 1) {
    const offsets = index.find(passage, at);
    found.push(offsets ?? []);
    common.push(offsets === undefined);
  }
  // The index holds every third piece: what stands twice may be found once here, and once at a neighbour.
  const places = found.map((own, at) => {
    const all = [...own];
    for (let step = 1 - PIECE_STEP; step < PIECE_STEP; step += 1) {
      for (const offset of found[at + step] ?? []) if (!all.includes(offset - step)) all.push(offset - step);
    }
    return all;
  });
  return { places, common };
}

function isNear(diagonal: number, stretch: number): boolean {
  return Math.abs(Math.floor(diagonal / STRETCH) - stretch) <= 1;
}

/** The stretch of the document in which most of the passage stands. A piece in many places says little of each. */
function findStretch(places: readonly (readonly number[])[], lead: number): number | "nowhere" | "repeated" {
  const votes = new Map<number, number>();
  for (const [at, found] of places.entries()) {
    const stretches = new Set(found.map((offset) => Math.floor((offset - at) / STRETCH)));
    for (const stretch of stretches) votes.set(stretch, (votes.get(stretch) ?? 0) + 1 / stretches.size);
  }
  const scoreOf = (stretch: number): number =>
    (votes.get(stretch - 1) ?? 0) + (votes.get(stretch) ?? 0) + (votes.get(stretch + 1) ?? 0);
  const ranked = [...votes.keys()]
    .map((stretch) => ({ stretch, score: scoreOf(stretch), own: votes.get(stretch) ?? 0 }))
    .toSorted((a, b) => b.score - a.score || b.own - a.own);
  const [best] = ranked;
  if (best === undefined) return "nowhere";
  const rival = ranked.find(({ stretch }) => Math.abs(stretch - best.stretch) > 2);
  return best.score >= (rival?.score ?? 0) * lead ? best.stretch : "repeated";
}

/** For each piece the one offset that is certain, else -1: it has no other, or it goes on where its neighbour stands. */
function chooseOffsets(places: readonly (readonly number[])[]): Int32Array {
  const chosen = new Int32Array(places.length).fill(-1);
  for (const [at, found] of places.entries()) if (found.length === 1) chosen[at] = found[0] ?? -1;
  const forth = [...places.keys()];
  for (const order of [forth, forth.toReversed()]) {
    let diagonal: number | undefined;
    for (const at of order) {
      const found = places[at] ?? [];
      if (chosen[at] === -1 && diagonal !== undefined) {
        const expected = at + diagonal;
        const close = found.filter((offset) => Math.abs(offset - expected) <= DRIFT);
        if (close.length === 1) chosen[at] = close[0] ?? -1;
      }
      if ((chosen[at] ?? -1) >= 0) diagonal = (chosen[at] ?? 0) - at;
    }
  }
  return chosen;
}

function fillGaps(pages: Int32Array): void {
  let last = -1;
  for (let at = 0; at <= pages.length; at += 1) {
    if (at < pages.length && (pages[at] ?? UNKNOWN) < 0) continue;
    const before = last < 0 ? UNKNOWN : (pages[last] ?? UNKNOWN);
    const after = pages[at] ?? UNKNOWN;
    if (last < 0 && at === pages.length) break;
    if (last < 0) pages.fill(after, Math.max(0, at - MAX_EDGE), at);
    else if (at === pages.length) pages.fill(before, last + 1, Math.min(at, last + 1 + MAX_EDGE));
    else if (before === after) pages.fill(before, last + 1, at);
    last = at;
  }
}
