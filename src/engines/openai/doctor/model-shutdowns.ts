/**
 * When OpenAI switches models off (developers.openai.com/api/docs/deprecations, 2026-11). The API itself tells of some,
 * in `shutdown_date`.
 */
const SHUTDOWNS: Readonly<Record<string, string>> = {
  "gpt-4-turbo": "2026-10-23",
  "gpt-3.5-turbo": "2026-10-23",
  "gpt-4": "2026-10-23",
  o1: "2026-10-23",
  "o4-mini": "2026-10-23",
  "gpt-4.1-nano": "2026-10-23",
  "gpt-5": "2026-12-11",
  "gpt-5-mini": "2026-12-11",
  "gpt-5-nano": "2026-12-11",
  o3: "2026-12-11",
  "gpt-4o": "2027-01-14",
  "gpt-4o-mini": "2027-01-14",
  "gpt-4.1": "2027-01-14",
  "gpt-4.1-mini": "2027-01-14",
  "gpt-5.1": "2027-04-01",
  "gpt-5.4-nano": "2027-04-01",
};

/** The day (`2027-01-14`) from which a model is not available; null when none is known. `answer` is what the API said. */
export function toShutdown(model: string, answer: object): string | null {
  if ("shutdown_date" in answer) {
    const told = answer.shutdown_date;
    // Seconds since the epoch, or a date: only seen second-hand.
    if (typeof told === "number") return new Date(told * 1000).toISOString().slice(0, 10);
    if (typeof told === "string" && /^\d{4}-\d{2}-\d{2}/.test(told)) return told.slice(0, 10);
  }
  return SHUTDOWNS[model.replace(/-\d{4}-\d{2}-\d{2}$/, "")] ?? null;
}
