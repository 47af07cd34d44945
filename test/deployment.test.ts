import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { VARIABLES } from "../src/config.ts";

const read = (file: string): string => readFileSync(file, "utf8");
const dockerfile = read("Dockerfile");
const compose = read("compose.yaml");
const scripts = (JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> }).scripts;

/** The arguments of each instruction of this kind. */
function instructions(kind: string): readonly string[] {
  const joined = dockerfile.replaceAll("\\\n", " ");
  return [...joined.matchAll(new RegExp(`^${kind} (.*)$`, "gm"))].map(([, rest]) => rest?.trim() ?? "");
}

describe("the container", () => {
  it("copies what exists, and what .dockerignore lets through", () => {
    const copied = instructions("COPY")
      .filter((rest) => !rest.startsWith("--from"))
      .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(copied).toContain("src");
    expect(copied.filter((file) => !existsSync(file))).toEqual([]);
    expect(copied.filter((file) => !allowed.includes(file))).toEqual([]);
  });

  it("starts the program as `npm start` does, and not as root", () => {
    const [command = "[]"] = instructions("CMD");
    expect((JSON.parse(command) as string[]).join(" ")).toBe(scripts["start"]);
    expect(instructions("USER")).toEqual(["node"]);
  });

  it("sets variables that the program reads", () => {
    const names = instructions("ENV").flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split("=")[0]));
    const known: readonly string[] = ["NODE_ENV", ...VARIABLES];
    expect(names).toContain("DATA_DIR");
    expect(names.filter((name) => !known.includes(name ?? ""))).toEqual([]);
  });
});

describe("compose", () => {
  it("sets variables that the program or Postgres reads, and takes secrets from outside", () => {
    const block = compose.split("\n").flatMap((line) => /^ {6}([A-Z_]+): (.*)$/.exec(line)?.slice(1) ?? []);
    const names = block.filter((_, index) => index % 2 === 0);
    const known: readonly string[] = [...VARIABLES, "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"];
    expect(names).toContain("DATABASE_URL");
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    const secrets = compose.split("\n").filter((line) => /^ +(\w*PASSWORD|WEB_TOKEN|DATABASE_URL): /.test(line));
    expect(secrets).toHaveLength(3);
    expect(secrets.filter((line) => !/\$\{\w+:\?[^}]+\}/.test(line))).toEqual([]);
  });

  it("publishes as many ports as it starts replicas, of the port that the image exposes", () => {
    const replicas = Number(/replicas: (\d+)/.exec(compose)?.[1]);
    const [, first, last, inside] = /"127\.0\.0\.1:(\d+)-(\d+):(\d+)"/.exec(compose) ?? [];
    expect(replicas).toBe(3);
    expect(Number(last) - Number(first) + 1).toBe(replicas);
    expect(instructions("EXPOSE")).toEqual([inside]);
  });
});
