import type { StoreKind } from "./growth-stores.ts";
import type { Measured } from "./measure-questions.ts";

export interface Row extends Measured {
  readonly store: StoreKind;
  readonly size: number;
}

/** Milliseconds a question at each size, and how many times the smallest. */
export function seriesTable(name: string, rows: readonly Row[]): string {
  const stores = [...new Set(rows.map(({ store }) => store))];
  const sizes = [...new Set(rows.map(({ size }) => size))];
  const head = stores.map((store) => ` ${store}, median ms | p99 ms | times the smallest |`).join("");
  const lines = sizes.map((size) => {
    const cells = stores.map((store) => {
      const own = rows.filter((row) => row.store === store);
      const row = own.find((each) => each.size === size);
      if (row === undefined) return " | | |";
      const ratio = row.medianMs / (own[0]?.medianMs ?? Number.NaN);
      return ` ${row.medianMs.toFixed(2)} | ${row.p99Ms.toFixed(2)} | ${ratio.toFixed(2)} |`;
    });
    return `| ${size} |${cells.join("")}`;
  });
  return `| ${name} |${head}\n|---|${"---|---|---|".repeat(stores.length)}\n${lines.join("\n")}\n`;
}

/** Milliseconds a question of each store operation, at the smallest and at the largest size. */
export function operationTable(name: string, rows: readonly Row[]): string {
  const stores = [...new Set(rows.map(({ store }) => store))];
  const lines = stores.flatMap((store) => {
    const own = rows.filter((row) => row.store === store);
    const [first, last] = [own[0], own.at(-1)];
    return Object.entries(last?.operations ?? {}).map(([operation, { calls, ms }]) => {
      const before = first?.operations[operation]?.ms ?? Number.NaN;
      return `| ${store} | ${operation} | ${calls.toFixed(1)} | ${before.toFixed(3)} | ${ms.toFixed(3)} | ${(ms / before).toFixed(2)} |`;
    });
  });
  const sizes = rows.map(({ size }) => size);
  return (
    `| ${name} | operation | calls a question | ms at ${Math.min(...sizes)} | ms at ${Math.max(...sizes)} | times |\n` +
    `|---|---|---|---|---|---|\n${lines.join("\n")}\n`
  );
}
