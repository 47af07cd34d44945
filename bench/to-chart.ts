import type { AddedTime } from "./results.ts";

const WIDTH = 760;
const LEFT = 190;
const BAR = 16;
const GROUP_GAP = 34;
const COLOURS: Readonly<Record<string, string>> = { p50: "#2f6f4f", p99: "#c9a227" };
/** The axis: a decade of milliseconds is the same length everywhere, as pollers add a thousand times as much. */
const DECADES = 5;

/** Added time as a bar chart in SVG, p50 and p99, on a logarithmic axis of milliseconds. */
export function toChart(all: readonly AddedTime[], conversations: number): string {
  const shown = all.filter((each) => each.conversations === conversations);
  const parts: string[] = [];
  let y = 56;
  for (const platform of ["Slack", "Discord"] as const) {
    const rows = shown.filter((each) => each.platform === platform);
    if (rows.length === 0) continue;
    parts.push(text(16, y + 4, platform, { isBold: true }));
    y += 16;
    for (const row of rows) {
      parts.push(text(16, y + BAR, row.contestant));
      for (const name of ["p50", "p99"] as const) {
        const length = toLength(row[name]);
        parts.push(
          `<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 4}" fill="${COLOURS[name]}"/>`,
          text(LEFT + length + 6, y + BAR - 6, `${name} ${row[name].toFixed(0)} ms`),
        );
        y += BAR;
      }
      y += 6;
    }
    y += GROUP_GAP - 16;
  }
  const title = `Added to the model's time, ${conversations} conversations at once (logarithmic)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="12" role="img" aria-label="${escape(title)}">
<rect width="100%" height="100%" fill="#ffffff"/>
${text(16, 26, title, { isBold: true })}
${parts.join("\n")}
</svg>
`;
}

function toLength(ms: number): number {
  const decades = Math.log10(Math.max(1, ms));
  return Math.max(1, (decades / DECADES) * (WIDTH - LEFT - 20));
}

function text(x: number, y: number, content: string, { isBold = false } = {}): string {
  const weight = isBold ? ' font-weight="bold"' : "";
  return `<text x="${x.toFixed(1)}" y="${y}" fill="#222222"${weight}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
