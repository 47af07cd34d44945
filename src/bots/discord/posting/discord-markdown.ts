import { defuse } from "./defuse-mentions.ts";
import { renderTable, type Table } from "./render-table.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const INLINE_CODE = /(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g;
const TABLE_RULE = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
/** An image or a link, or a bare address. */
const LINK = /(!?)\[([^\]]*)\]\((<[^>]*>|[^\s)]*)(?:\s+["'(][^)]*)?\)|<?https?:\/\/[^\s<>]+>?/g;

/**
 * Common Markdown as Discord shows it best: headings of three levels, tables as blocks of code, images as links; what
 * means something else on Discord (spoilers, subtext, underline, mentions) is made harmless. Code stays as it is.
 */
export function toDiscordMarkdown(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
  const out: string[] = [];
  let fence: string | null = null;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const mark = FENCE.exec(line)?.[1];
    if (fence !== null) {
      const isEnd = mark?.startsWith(fence) === true && line.trim() === mark;
      out.push(isEnd ? "```" : line);
      if (isEnd) fence = null;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      // Discord knows fences of three backticks only.
      out.push(line.replace(FENCE, "```"));
      continue;
    }
    const table = readTable(lines, index);
    if (table !== null) {
      out.push(renderTable(table.table, toInline));
      index = table.end - 1;
      continue;
    }
    out.push(toBlock(line));
  }
  if (fence !== null) out.push("```");
  return out
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function toBlock(line: string): string {
  if (/^ {0,3}([-*_])(?:\s*\1){2,}\s*$/.test(line)) return "";
  const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(line);
  if (heading !== null) {
    const content = toInline(heading[2] ?? "");
    return (heading[1] ?? "").length <= 3 ? `### ${content}` : `**${content.replaceAll("**", "")}**`;
  }
  const task = /^(\s*)[-*+]\s+\[([ xX])\]\s+(.*)$/.exec(line);
  if (task !== null) return `${task[1]}- ${task[2] === " " ? "☐" : "☑"} ${toInline(task[3] ?? "")}`;
  const bullet = /^(\s*)\+\s+(.*)$/.exec(line);
  if (bullet !== null) return `${bullet[1]}- ${toInline(bullet[2] ?? "")}`;
  // Small print and a quote to the end of the message are Discord's own.
  return toInline(line).replace(/^(\s*)(-#|>>>)(?=\s)/, "$1\\$2");
}

/** Inline marks, code left alone. */
function toInline(source: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of source.matchAll(INLINE_CODE)) {
    parts.push(toProse(source.slice(from, match.index)), match[0]);
    from = match.index + match[0].length;
  }
  parts.push(toProse(source.slice(from)));
  return parts.join("");
}

/** Prose with its links; addresses stay as they are. */
function toProse(prose: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const match of prose.matchAll(LINK)) {
    const [whole, isImage, label, target] = match;
    parts.push(toWords(prose.slice(from, match.index)));
    from = match.index + whole.length;
    if (target === undefined) {
      parts.push(whole);
      continue;
    }
    const url = target.replace(/^<|>$/g, "");
    const shown = toWords(label ?? "") || (isImage === "" ? "link" : "image");
    parts.push(/^https?:\/\//i.test(url) ? `[${shown}](${url})` : shown);
  }
  parts.push(toWords(prose.slice(from)));
  return parts.join("");
}

function toWords(prose: string): string {
  const marked = prose
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/(?<![\\\w])__(?=\S)(.*?\S)__(?!\w)/g, "**$1**")
    .replaceAll("||", "\\|\\|");
  return defuse(marked);
}

/** A table that begins at this line, and the line after it. */
function readTable(lines: readonly string[], start: number): { table: Table; end: number } | null {
  const head = lines[start] ?? "";
  const rule = lines[start + 1] ?? "";
  if (!head.includes("|") || !TABLE_RULE.test(rule) || !rule.includes("-")) return null;
  const header = toCells(head);
  if (header.length !== toCells(rule).length) return null;
  let end = start + 2;
  while ((lines[end] ?? "").includes("|")) end++;
  const rows = lines.slice(start + 2, end).map((line) => {
    const cells = toCells(line);
    return header.map((_, column) => cells[column] ?? "");
  });
  return {
    table: { header, rows, numeric: header.map((_, column) => isNumeric(rows.map((row) => row[column] ?? ""))) },
    end,
  };
}

function toCells(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function isNumeric(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return (
    filled.length > 0 && filled.every((cell) => /^[(\-+−]?[$€£₩¥]?\s?\d[\d.,\s]*\)?\s?[%a-zA-Z원]{0,3}$/.test(cell))
  );
}
