import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { VARIABLES } from "../../src/config.ts";
import { argumentsOf, parseCopy, parseEnv, readDockerfile } from "./dockerfile.ts";

const read = (file: string): string => readFileSync(file, "utf8");
const stages = readDockerfile("Dockerfile");
const image = stages.at(-1);
const compose = read("compose.yaml");
const unit = read("deploy/docent.service");
const scripts = (JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> }).scripts;

/** After this long Docent's own stop is forced. */
const STOP_WITHIN_SECONDS = Number(/STOP_WITHIN_MS = (\d+)_000/.exec(read("src/main.ts"))?.[1]);

/** What the unit says of a setting, each time it does. */
const settings = (name: string): readonly string[] =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => value);

describe("the container", () => {
  it("copies what exists, and what .dockerignore lets through", () => {
    const copies = stages.flatMap((stage) => argumentsOf(stage, "COPY").map(parseCopy));
    const copied = copies.flatMap(({ from, sources }) => (from === undefined ? sources : []));
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(copied).toContain("src");
    expect(copied.filter((file) => !existsSync(file))).toEqual([]);
    expect(copied.toSorted()).toEqual(allowed.toSorted());
  });

  it("starts the program as `npm start` does, and not as root", () => {
    const [command = "[]"] = argumentsOf(image, "CMD");
    expect((JSON.parse(command) as string[]).join(" ")).toBe(scripts["start"]);
    expect(argumentsOf(image, "USER")).toEqual(["node"]);
  });

  it("compiles ahead with the flags of `npm start`, else Node would not take it", () => {
    const ahead = (scripts["start"] ?? "").replace("src/main.ts", "scripts/compile-ahead.ts");
    expect(argumentsOf(stages[0], "RUN").filter((command) => command.includes(ahead))).toHaveLength(1);
  });

  it("sets variables that the program reads", () => {
    const names = Object.keys(parseEnv(argumentsOf(image, "ENV")));
    const known: readonly string[] = ["NODE_ENV", ...VARIABLES];
    expect(names).toContain("DATA_DIR");
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("compose", () => {
  const environment = compose.split("\n").flatMap((line) => /^ {6}([A-Z_]+): (.*)$/.exec(line)?.slice(1) ?? []);

  it("sets variables that the program or Postgres reads, and takes secrets from outside", () => {
    const names = environment.filter((_, index) => index % 2 === 0);
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
    expect(argumentsOf(image, "EXPOSE")).toEqual([inside]);
  });

  it("keeps what the image declares: its user, its health check, its folder, which alone is written to", () => {
    const [service = ""] = /^ {2}docent:\n(?: {4}.*\n|\n)+/m.exec(compose) ?? [];
    expect(service).toContain("read_only: true");
    expect(service).toContain("cap_drop: [ALL]");
    expect(service).toMatch(/security_opt: \["no-new-privileges:true"\]/);
    // With its own, those of the image would count no more; a volume with a name would be one for all replicas.
    expect(service.match(/^ {4}(?:user|entrypoint|command|healthcheck|volumes):/gm)).toBeNull();
    const { PORT, HOST, DATA_DIR } = parseEnv(argumentsOf(image, "ENV"));
    const said = new Map(
      environment.flatMap((name, i) => (i % 2 === 0 ? [[name, environment[i + 1]]] : [])) as [string, string][],
    );
    expect([said.get("PORT"), said.get("HOST"), said.get("DATA_DIR")]).toEqual([`"${PORT}"`, HOST, DATA_DIR]);
    expect(argumentsOf(image, "VOLUME")).toEqual([DATA_DIR]);
  });

  it("waits longer before it kills than the program takes to stop", () => {
    expect(STOP_WITHIN_SECONDS).toBeGreaterThan(0);
    expect(Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1])).toBeGreaterThan(STOP_WITHIN_SECONDS);
  });
});

describe("the unit of systemd", () => {
  const inRelease = (place: string): string => path.relative("/opt/docent", place);

  it("starts what `npm start` starts, from files that a release holds", () => {
    const [command = ""] = settings("ExecStart");
    expect(settings("ExecStart")).toHaveLength(1);
    expect(command.replaceAll("/opt/docent/scripts", "./scripts").replace("/opt/docent/", "")).toBe(scripts["start"]);
    const places = unit.match(/\/opt\/docent\/[\w./-]+\w/g) ?? [];
    expect(places).toHaveLength(3);
    expect(places.filter((place) => !existsSync(inRelease(place)))).toEqual([]);
  });

  it("writes to its own folder alone, where DATA_DIR of .env.example then lies", () => {
    const [folder] = settings("StateDirectory");
    expect(settings("WorkingDirectory")).toEqual([`/var/lib/${folder}`]);
    expect(read(".env.example")).toContain("\nDATA_DIR=./data\n");
    expect(settings("(?:ReadWritePaths|CacheDirectory|LogsDirectory|Environment)")).toEqual([]);
    for (const name of ["DynamicUser", "NoNewPrivileges"]) expect(settings(name), name).toEqual(["yes"]);
    expect(settings("ProtectSystem")).toEqual(["strict"]);
    // Node compiles while it runs.
    expect(settings("MemoryDenyWriteExecute")).toEqual([]);
  });

  it("sends the signal that the program listens to, and waits longer than it takes to stop", () => {
    expect(settings("KillSignal")).toEqual(["SIGTERM"]);
    expect(Number(settings("TimeoutStopSec")[0])).toBeGreaterThan(STOP_WITHIN_SECONDS);
    expect(settings("Restart")).toEqual(["on-failure"]);
  });

  it("is installed as docs/operations.md says, which names each of its folders", () => {
    const operations = read("docs/operations.md");
    for (const place of ["/opt/docent", ...settings("EnvironmentFile"), ...settings("WorkingDirectory")]) {
      expect(operations, place).toContain(place);
    }
    expect(operations).toContain("/etc/systemd/system/docent.service");
  });
});
