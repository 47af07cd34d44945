import type { NamedUsageRow } from "../../core/ports/usage-report.ts";

const COLUMNS: Readonly<Record<string, (row: NamedUsageRow) => string | number>> = {
  day: ({ day }) => day,
  workspace: ({ workspace }) => workspace,
  channel: ({ channel }) => channel,
  user_id: ({ userId }) => userId,
  user_name: ({ userName }) => userName ?? "",
  model: ({ model }) => model,
  questions: ({ questions }) => questions,
  input_tokens: ({ inputTokens }) => inputTokens,
  output_tokens: ({ outputTokens }) => outputTokens,
  cost_usd: ({ costUsd }) => toDecimal(costUsd),
};

/** Rows that are sent in one piece. */
const ROWS_AT_ONCE = 500;

/** Usage as CSV (RFC 4180) in pieces of bytes: UTF-8, lines that end in CR LF, the names of the columns first. */
export async function* toUsageCsv(rows: AsyncIterable<NamedUsageRow>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let lines = [Object.keys(COLUMNS).join(",")];
  for await (const row of rows) {
    lines.push(
      Object.values(COLUMNS)
        .map((read) => toCell(read(row)))
        .join(","),
    );
    if (lines.length < ROWS_AT_ONCE) continue;
    yield encoder.encode(toBlock(lines));
    lines = [];
  }
  yield encoder.encode(toBlock(lines));
}

function toBlock(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  // What a spreadsheet would take for a formula is people's own text (OWASP, "CSV Injection").
  const plain = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Never in the form `1e-7`, which some programs take for text. */
function toDecimal(usd: number): string {
  return usd.toFixed(9).replace(/\.?0+$/, "");
}
