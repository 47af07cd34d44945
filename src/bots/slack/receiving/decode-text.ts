/** Names for the ids in a message; undefined where a name is not known. */
export interface Names {
  person(id: string): Promise<string | undefined>;
  channel(id: string): Promise<string | undefined>;
}

const TOKEN = /<([^<>\n]+)>/g;

/**
 * A message's text as plain Markdown: entities decoded, links and mentions written out, the bot's own mention left out.
 * Format: docs.slack.dev/messaging/formatting-message-text
 */
export async function decodeText(text: string, botUserId: string, names: Names): Promise<string> {
  // At once: each name may take as long as an acknowledgement can wait.
  const tokens = await Promise.all(
    [...text.matchAll(TOKEN)].map(([, token]) => decodeToken(token ?? "", botUserId, names)),
  );
  const pieces = text
    .split(TOKEN)
    .map((piece, index) => (index % 2 === 0 ? decodeEntities(piece) : tokens[(index - 1) / 2]));
  return tidy(pieces.join(""), text);
}

/** True when a message begins by speaking to somebody else. */
export function speaksToSomebodyElse(text: string, botUserId: string): boolean {
  const first = /^\s*<@([A-Z0-9]+)(?:\|[^>]*)?>/.exec(text)?.[1];
  return first !== undefined && first !== botUserId;
}

export function mentions(text: string, userId: string): boolean {
  return new RegExp(`<@${userId}(?:\\|[^>]*)?>`).test(text);
}

async function decodeToken(token: string, botUserId: string, names: Names): Promise<string> {
  const [target = "", label = ""] = splitOnce(token, "|").map(decodeEntities);
  const id = target.slice(1);
  if (target.startsWith("@")) {
    if (id === botUserId) return "";
    return `@${label.replace(/^@/, "") || ((await names.person(id)) ?? id)}`;
  }
  if (target.startsWith("#")) return `#${label.replace(/^#/, "") || ((await names.channel(id)) ?? id)}`;
  if (target.startsWith("!subteam")) return label || "@group";
  if (target.startsWith("!date")) return label || (target.split("^").at(-1) ?? "");
  if (target.startsWith("!")) return `@${id.split("^")[0]}`;
  if (/^(?:mailto|tel):/.test(target)) return label || target.replace(/^\w+:/, "");
  return label === "" || label === target ? target : `[${label}](${target})`;
}

function decodeEntities(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Without the gap that the bot's own mention leaves; nothing else is touched. */
function tidy(decoded: string, original: string): string {
  const trimmed = decoded.trim();
  if (!original.includes("<@")) return trimmed;
  return trimmed
    .replace(/^[,:;.!]\s*/, "")
    .replace(/(\S) {2,}(?=\S)/g, "$1 ")
    .replace(/ +([,.!?;:])(?=\s|$)/g, "$1");
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
