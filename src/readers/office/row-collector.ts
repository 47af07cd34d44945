import type { PageWriter } from "../page-writer.ts";

/** A wider gap between two cells is layout, not a table with empty cells. */
const MAX_GAP = 20;

/** Collects the cells of a sheet, row by row, as lines: `name | price | stock`. */
export interface RowCollector {
  /** `column` is 1-based; cells come from left to right. */
  cell(column: number, text: string): void;
  endRow(): void;
  readonly rows: string[];
}

export function createRowCollector(writer: PageWriter): RowCollector {
  const rows: string[] = [];
  let cells: string[] = [];
  let last = 0;

  return {
    rows,
    cell(column, text) {
      const shown = text.replaceAll(/\s+/g, " ").trim();
      if (shown === "") return;
      writer.expect(shown.length);
      const gap = Math.min(Math.max(column - last - 1, 0), MAX_GAP);
      cells.push(...Array.from({ length: gap }, () => ""), shown);
      last = column;
    },
    endRow() {
      if (cells.length > 0) rows.push(cells.join(" | "));
      cells = [];
      last = 0;
    },
  };
}
