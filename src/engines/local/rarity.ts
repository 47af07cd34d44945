/** Inverse frequency in BM25's form: 0 for what is nowhere, little for what is everywhere. */
export function toRarity(having: number, total: number): number {
  return having === 0 ? 0 : Math.log(1 + (total - having + 0.5) / (having + 0.5));
}

/** The rarity of what would stand on a single page: for terms that are nowhere, which a page should be missing. */
export function toRarityOfMissing(total: number): number {
  return Math.log(1 + (total + 0.5) / 0.5);
}

/** Added to the rarity of every term when asking how much of a question a page has: common words count a little. */
export const COMMON_WORTH = 1;
