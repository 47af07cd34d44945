import type { REST } from "@discordjs/rest";

/** Discord takes 50 requests a second from a bot: half of them is for answers alone. */
const KEPT_FOR_ANSWERS = 25;

/**
 * Whether a request that only shows something may go out now. When many ask at once, signs that Docent works would
 * otherwise hold up the answers, and each answer that is late would need more signs.
 */
export function hasRoom(rest: REST): boolean {
  return rest.globalReset < Date.now() || rest.globalRemaining > KEPT_FOR_ANSWERS;
}
