/**
 * The lines of each page of a PDF. `inRows` reads all that stands at one height from left to right, so that columns run
 * into each other; else the order is that of the file.
 */
export async function readPdfLines(bytes: Buffer, inRows: boolean): Promise<string[][]> {
  const getDocument = await loadQuietly();
  const task = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const pdf = await task.promise;
  const pages: string[][] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(inRows ? toRows(items) : toLines(items));
    page.cleanup();
  }
  await task.destroy();
  return pages;
}

interface Item {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly transform: readonly number[];
  readonly height: number;
}

function toLines(items: readonly object[]): string[] {
  return items
    .map((item) => (isText(item) ? item.str + (item.hasEOL ? "\n" : " ") : ""))
    .join("")
    .split("\n");
}

function toRows(items: readonly object[]): string[] {
  const placed = items
    .filter(isText)
    .filter(({ str }) => str.trim() !== "")
    .map((item) => ({ ...item, x: item.transform[4] ?? 0, y: item.transform[5] ?? 0 }))
    .toSorted((one, other) => other.y - one.y);
  const rows: (typeof placed)[] = [];
  for (const item of placed) {
    const row = rows.at(-1);
    const isSameRow = row?.[0] !== undefined && row[0].y - item.y < Math.max(2, item.height / 2);
    if (isSameRow) row?.push(item);
    else rows.push([item]);
  }
  return rows.map((row) =>
    row
      .toSorted((one, other) => one.x - other.x)
      .map(({ str }) => str)
      .join(" "),
  );
}

function isText(item: object): item is Item {
  return "str" in item;
}

/** pdf.js warns on the console that it cannot draw here, which nobody wants to. */
async function loadQuietly(): Promise<typeof import("pdfjs-dist/legacy/build/pdf.mjs").getDocument> {
  const { warn } = globalThis.console;
  globalThis.console.warn = () => undefined;
  try {
    return (await import("pdfjs-dist/legacy/build/pdf.mjs")).getDocument;
  } finally {
    globalThis.console.warn = warn;
  }
}
