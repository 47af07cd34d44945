import type { TokenVerdict } from "../ports/token-checks.ts";
import type { TextValues } from "../texts/fill-text.ts";
import type { TextKey } from "../texts/language.ts";

/** What a vendor said, as one of our sentences. */
export function tokenVerdict(state: TokenVerdict["state"], key: TextKey, values: TextValues = {}): TokenVerdict {
  return { state, sentence: { key, values } };
}
