import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import { VARIABLES } from "../src/config.ts";
import { page, texts } from "../src/core/texts/en.ts";

const read = (file: string): string => readFileSync(file, "utf8");

const DOCUMENTS = globSync(["*.md", "docs/**/*.md", ".github/**/*.md"]);
const MESSAGES = [...Object.values(texts), ...Object.values(page)].map((message) => message.replaceAll("**", ""));
const SOURCES = globSync(["src/**/*.ts", "scripts/*.js"]).map(read);

/** Less than this says too little to be looked for anywhere but at the beginning of a message. */
const SHORT = 20;

/** The cells of each row of the tables whose first column has this title. */
function rowsOf(text: string, title: string): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let isInside = false;
  for (const line of text.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (!line.startsWith("|")) isInside = false;
    else if (cells[1] === title) isInside = true;
    else if (isInside && !/^:?-+:?$/.test(cells[1] ?? "")) rows.push(cells.slice(1, -1));
  }
  return rows;
}

/** Whether the parts of a quote, which `…` stands between, come in this order. */
function holds(text: string, quote: string): boolean {
  let from = 0;
  for (const part of quote.split("…").map((each) => each.trim())) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

function isSaid(quote: string): boolean {
  if (quote.replaceAll("…", "").trim().length < SHORT) {
    const escaped = quote.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    const beginning = new RegExp(`^${escaped.join(".+")}(?: |$)`, "u");
    return MESSAGES.some((message) => beginning.test(message));
  }
  return [...MESSAGES, ...SOURCES].some((text) => holds(text, quote));
}

/** The names that GitHub gives to headings, for links. */
function anchorsOf(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[^]*?^```/gm, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("the documents", () => {
  it("quote in troubleshooting only what the program says", () => {
    const quotes = rowsOf(read("docs/troubleshooting.md"), "it says").map(([quote = ""]) => quote);
    expect(quotes.length).toBeGreaterThan(60);
    expect(quotes.filter((quote) => !isSaid(quote))).toEqual([]);
  });

  it("have every setting once in the table of settings, and no other", () => {
    const names = rowsOf(read("docs/settings.md"), "variable").flatMap(([cell = ""]) =>
      [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = ""]) => name),
    );
    expect([...new Set(names)].toSorted()).toEqual([...VARIABLES].toSorted());
    expect(names).toHaveLength(VARIABLES.length);
  });

  it.for(["docs/settings.md", "README.md"])("tell the defaults that there are: %s", (file) => {
    const example = parse(read(".env.example"));
    const rows = rowsOf(read(file), "variable").flatMap(([cell = "", , defaults = ""]) => {
      const names = [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = ""]) => name);
      const told = [...defaults.matchAll(/`([^`]+)`/g)].map(([, value]) => value);
      // Where there is a value for each: else words say what an empty one means.
      return told.length === names.length ? names.map((name, index) => ({ name, told: told[index] })) : [];
    });
    const fixed = rows.filter(({ name }) => (example[name] ?? "") !== "");
    expect(fixed.length).toBeGreaterThan(5);
    expect(fixed.filter(({ name, told }) => example[name] !== told)).toEqual([]);
  });

  it("name settings that there are", () => {
    const known: readonly string[] = [...VARIABLES, "POSTGRES_PASSWORD"];
    const unknown = DOCUMENTS.flatMap((file) =>
      [...read(file).matchAll(/^\s*(?:export )?([A-Z][A-Z0-9]*_[A-Z0-9_]+)=/gm)]
        .filter(([, name = ""]) => !known.includes(name) && !name.startsWith("NODE_") && !name.endsWith("_PROXY"))
        .map(([, name]) => `${file}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it("name commands that there are", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
    const named = DOCUMENTS.flatMap((file) =>
      [...read(file).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = ""]) => ({ file, name })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ name }) => scripts[name] === undefined)).toEqual([]);
  });

  it("link to headings that there are", () => {
    const broken = DOCUMENTS.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].flatMap(([, target = "", anchor = ""]) => {
        const linked = target === "" ? file : path.join(path.dirname(file), target);
        return anchorsOf(read(linked)).includes(anchor) ? [] : [`${file} → ${target}#${anchor}`];
      }),
    );
    expect(broken).toEqual([]);
  });
});
