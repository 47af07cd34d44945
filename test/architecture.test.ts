import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOMS = ["core", "bots", "engines", "readers", "stores", "http"];

const ARCHITECTURE = readFileSync("docs/architecture.md", "utf8");

function sources(pattern = "src/**/*.ts"): { file: string; text: string; imports: string[] }[] {
  return globSync(pattern).map((file) => {
    const text = readFileSync(file, "utf8");
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    return { file: file.split(path.sep).join("/"), text, imports };
  });
}

function roomOf(file: string): string {
  return file.split("/")[1] ?? "";
}

/** The room within a shared one: each bot and each engine is a house of its own. */
function houseOf(file: string): string {
  const [, room = "", house = ""] = file.split("/");
  return room === "bots" || room === "engines" ? `${room}/${house}` : room;
}

describe("the house", () => {
  it("has sources to look at", () => {
    expect(sources().length).toBeGreaterThan(30);
  });

  it("keeps arrows pointing inwards: core imports only core, the other rooms only themselves and core", () => {
    const wrong: string[] = [];
    for (const { file, imports } of sources()) {
      if (!ROOMS.includes(roomOf(file))) continue;
      for (const name of imports.filter((candidate) => candidate.startsWith("."))) {
        const target = path.posix.join(path.posix.dirname(file), name);
        const allowed = roomOf(target) === "core" || houseOf(target) === houseOf(file);
        if (!allowed || (roomOf(file) === "core" && roomOf(target) !== "core")) wrong.push(`${file} → ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("lets core use nothing but Node", () => {
    const wrong = sources("src/core/**/*.ts").flatMap(({ file, imports }) =>
      imports.filter((name) => !name.startsWith(".") && !name.startsWith("node:")).map((name) => `${file} → ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it.for([
    ["src/engines/openai", ["openai"]],
    ["src/engines/local", []],
    ["src/bots/web", ["@fastify/busboy", "hono"]],
    ["src/bots/slack", ["@slack/socket-mode", "@slack/web-api", "undici"]],
    ["src/bots/discord", ["@discordjs/rest", "@discordjs/ws", "discord-api-types"]],
  ] as const)("lets %s use only its own packages", ([folder, allowed]) => {
    const wrong = sources(`${folder}/**/*.ts`).flatMap(({ file, imports }) =>
      imports
        .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
        .filter((name) => !allowed.some((own) => name === own || name.startsWith(`${own}/`)))
        .map((name) => `${file} → ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("stands on no framework of an SDK, only on the parts that Bolt and discord.js are made of", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: object };
    expect(Object.keys(dependencies)).toContain("@slack/socket-mode");
    expect(Object.keys(dependencies).filter((name) => ["@slack/bolt", "discord.js"].includes(name))).toEqual([]);
  });

  it("reads the environment in main.ts alone", () => {
    const readers = sources().filter(({ file, text }) => file !== "src/main.ts" && /\bprocess\.env\b/.test(text));
    expect(readers.map(({ file }) => file)).toEqual([]);
  });

  it("is drawn as it is: every arrow of the diagram is an import, and every import between rooms an arrow", () => {
    const [, diagram = ""] = /```mermaid\n([^]*?)```/.exec(ARCHITECTURE) ?? [];
    const drawn = [...diagram.matchAll(/^\s*(\S+) --> (\S+)$/gm)].map(([, from, to]) => `${from} → ${to}`);
    const real = new Set<string>();
    for (const { file, imports } of sources()) {
      const from = ROOMS.includes(roomOf(file)) ? houseOf(file) : "main";
      for (const name of imports.filter((candidate) => candidate.startsWith("."))) {
        const target = path.posix.join(path.posix.dirname(file), name);
        const to = ROOMS.includes(roomOf(target)) ? houseOf(target) : "main";
        if (to !== from) real.add(`${from} → ${to}`);
      }
    }
    expect(drawn.toSorted()).toEqual([...real].toSorted());
  });

  it("tells of each of its rooms what it is for", () => {
    const rooms = globSync("src/**/", { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.relative(process.cwd(), path.join(entry.parentPath, entry.name)).split(path.sep).join("/"));
    const told = [...ARCHITECTURE.matchAll(/^\| `(src[\w/-]*)`/gm)].map(([, room]) => String(room));
    expect(told.toSorted()).toEqual([...new Set(["src", ...rooms])].toSorted());
  });

  it("has no path in its documents that does not exist", () => {
    const missing = globSync(["*.md", "docs/**/*.md", ".github/**/*.md"]).flatMap((file) => {
      const text = readFileSync(file, "utf8");
      const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? "");
      const code = [...text.matchAll(/`((?:src|test|docs|scripts|bench)\/[\w./-]*[\w/])`/g)].map((match) =>
        path.join(process.cwd(), match[1] ?? ""),
      );
      return [...links.map((link) => path.join(path.dirname(file), link)), ...code]
        .filter((target) => !existsSync(target))
        .map((target) => `${file} → ${target}`);
    });
    expect(missing).toEqual([]);
  });
});
