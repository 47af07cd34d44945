/** Fenced blocks and inline code: kept as they are but for the one invisible character that takes a mention's force. */
const CODE = /(?:^|\n)[ \t]*(`{3,}|~{3,})[\s\S]*?(?:\n[ \t]*\1|$)|(`+)(?!`)(?:(?!\n\s*\n)[\s\S])*?[^`]\2(?!`)/g;
const WORD_JOINER = "\u2060";

/**
 * Markdown in which nothing calls anybody. Slack acts on `<!channel>`, `<@U1>`, `<#C1>` and `<!subteam^S1>` wherever they
 * stand, and clients may link `@here` (docs.slack.dev/messaging/formatting-message-text#advanced).
 */
export function neutraliseMentions(markdown: string): string {
  const pieces: string[] = [];
  let end = 0;
  for (const match of markdown.matchAll(CODE)) {
    pieces.push(inProse(markdown.slice(end, match.index)), inCode(match[0]));
    end = match.index + match[0].length;
  }
  pieces.push(inProse(markdown.slice(end)));
  return pieces.join("");
}

function inProse(text: string): string {
  // A backslash before the entity would show its letters.
  const tokens = text.replace(/\\?<(?=[!@#])/g, "&lt;");
  return tokens.replace(/(?<![\w.])@(?=(?:channel|here|everyone)\b)/gi, `@${WORD_JOINER}`);
}

function inCode(code: string): string {
  return code.replace(/<(?=[!@#])/g, `<${WORD_JOINER}`);
}
