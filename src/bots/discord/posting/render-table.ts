export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of figures stand to the right. */
  readonly numeric: readonly boolean[];
}

/** A block of code wider than this breaks its lines in Discord's window, and its columns with them. */
const MAX_WIDTH = 60;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{Mark}|\p{Default_Ignorable_Code_Point}/u;

/**
 * Discord shows no tables: a narrow one becomes a block of code with aligned columns, a wide one a list with one entry
 * for each row. `toInline` writes prose with Discord's marks.
 */
export function renderTable(table: Table, toInline: (source: string) => string): string {
  const plain = { ...table, header: table.header.map(toPlain), rows: table.rows.map((row) => row.map(toPlain)) };
  const widths = plain.header.map((name, column) =>
    Math.max(widthOf(name), ...plain.rows.map((row) => widthOf(row[column] ?? ""))),
  );
  const total = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
  if (total > MAX_WIDTH) return toList(table, toInline);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, plain.numeric[column] === true))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return ["```", line(plain.header), rule, ...plain.rows.map(line), "```"].join("\n");
}

function toList({ header, rows }: Table, toInline: (source: string) => string): string {
  const [, ...names] = header;
  return rows
    .map(([first = "", ...cells]) => {
      const title = `- **${toInline(first).replaceAll("**", "")}**`;
      const details = cells.map((cell, index) => `  - ${toInline(names[index] ?? "")}: ${toInline(cell)}`);
      return [title, ...details.filter((_, index) => cells[index] !== "")].join("\n");
    })
    .join("\n");
}

/** A cell inside a block of code, where marks would show as characters. */
function toPlain(cell: string): string {
  return cell
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~)(.*?)\1/g, "$2")
    .replace(/(?<![\w*])[*_](\S(?:.*?\S)?)[*_](?![\w*])/g, "$1")
    .replace(/`+/g, "")
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/\\([\\`*_{}[\]()#+\-.!|])/g, "$1");
}

/** Columns that a text takes in a fixed-width font: two for a Chinese, Japanese or Korean character. */
export function widthOf(cell: string): number {
  let width = 0;
  for (const character of cell) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

function pad(cell: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(Math.max(0, width - widthOf(cell)));
  return toTheRight ? space + cell : cell + space;
}
