import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { visit } from "../e2e/program.ts";
import { makePdf } from "../fixtures/make-pdf.ts";
import { applyDockerignore, buildImage, copyRepository, execForm, NODE_USER, type Image } from "./build-image.ts";
import { argumentsOf, parseEnv } from "./dockerfile.ts";
import { freePort, startCommand } from "./start-command.ts";

const WEB_TOKEN = "a-token-of-the-test";
const QUESTION = "How long is the notice period?";
const PAGES = ["The lease begins in May.", "The notice period is ninety days after receipt."];
const HERE = [{ document: "lease.pdf", page: 2 }];

const toLease = async () => ({ name: "lease.pdf", bytes: await makePdf(PAGES) });

const { scripts, version } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Readonly<Record<string, string>>;
  version: string;
};
const FOR_DEVELOPERS = /^(?:pre)?(?:bench|test|screenshots|simulate|check|format|openai-server|pack)|^postpack$/;

let folder: string;
/** A checkout, and what `npm pack` makes of it. */
let checkout: string;
let release: string;
let image: Image;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "docent-packaging-"));
  chmodSync(folder, 0o755);
  checkout = path.join(folder, "checkout");
  copyRepository(checkout);
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: checkout });
  release = path.join(folder, "release");
  mkdirSync(release);
  const tarball = path.join(folder, packed.toString().trim());
  execFileSync("tar", ["-xzf", tarball, "-C", release, "--strip-components=1"]);

  const context = path.join(folder, "context");
  execFileSync("cp", ["-R", checkout, context]);
  applyDockerignore(context);
  mkdirSync(path.join(folder, "image"));
  image = buildImage(context, path.join(folder, "image"));
  // As with --read-only: also for those whom a missing right does not stop elsewhere, the program is not their own.
  execFileSync("chmod", ["-R", "a-w", image.root]);
  execFileSync("chmod", ["-R", "u+w", image.moved("/data")]);
}, 120_000);

afterAll(() => {
  execFileSync("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true });
});

describe("the image of the Dockerfile", () => {
  it("holds what runs, and neither tests, benches, settings nor what only people read", () => {
    const app = image.moved("/app");
    expect(globSync("*", { cwd: app }).toSorted()).toEqual(
      [
        "LICENSE",
        "node_modules",
        "package-lock.json",
        "package.json",
        "scripts",
        "slack-manifest.json",
        "src",
      ].toSorted(),
    );
    expect(globSync("scripts/{bench-*,fleet,growth}", { cwd: app })).toEqual([]);
    expect(globSync("node_modules/{vitest,typescript,node,.bin/node}", { cwd: app })).toEqual([]);
    expect(globSync("node_modules/**/*.{map,d.ts}", { cwd: app })).toEqual([]);
  });

  it("answers as the user node on a read-only root, is found healthy, and ends by itself at SIGTERM", async () => {
    const port = String(await freePort());
    const declared = parseEnv(argumentsOf(image.stage, "ENV"));
    const env = {
      ...Object.fromEntries(Object.entries(declared).map(([name, value]) => [name, image.moved(value)])),
      PATH: pathOfPrograms(),
      // There is none: whoever wanted to write beside /data would fail.
      TMPDIR: image.moved("/tmp"),
      PORT: port,
      WEB_TOKEN,
      NODE_DEBUG_NATIVE: "COMPILE_CACHE",
    };
    const options = { cwd: image.moved("/app"), env, ...NODE_USER };
    expect(argumentsOf(image.stage, "USER")).toEqual(["node"]);
    const program = await startCommand(execForm(image.stage, "CMD"), options);

    const [command = "", ...args] = execForm(image.stage, "HEALTHCHECK");
    const isHealthy = (): boolean => spawnSync(command, args, options).status === 0;
    expect(isHealthy()).toBe(true);

    const person = visit({ url: `http://127.0.0.1:${port}` }, "general", { authorization: `Bearer ${WEB_TOKEN}` });
    expect((await person.ask(QUESTION, [await toLease()])).citations).toMatchObject(HERE);

    // A stop that had to be forced ends with 1.
    expect(await program.stop("SIGTERM")).toBe(0);
    expect(isHealthy()).toBe(false);

    const main = pathToFileURL(image.moved("/app/src/main.ts")).href;
    expect(program.output()).toContain(`retrieving transpile cache for StrippedTypeScript ${main}...success`);
    expect(program.output()).toContain(`V8 code cache for ESM ${main} was accepted`);
  });

  it("starts also where nothing compiled can be kept", async () => {
    execFileSync("chmod", ["-R", "u+w", image.moved("/app/node_modules")]);
    rmSync(image.moved("/app/node_modules/.cache"), { recursive: true });
    chmodSync(image.moved("/app/node_modules"), 0o555);
    const program = await startCommand(execForm(image.stage, "CMD"), {
      cwd: image.moved("/app"),
      env: { PATH: pathOfPrograms(), DATA_DIR: image.moved("/data"), PORT: "0" },
      ...NODE_USER,
    });
    expect(await program.stop("SIGTERM")).toBe(0);
  });
});

describe("what npm pack makes", () => {
  it("holds what a person who runs Docent needs, and nothing else", () => {
    const top = new Set(globSync("{*,.*}", { cwd: release }));
    const expected = [".env.example", "CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "deploy", "docs"];
    expected.push(
      "npm-shrinkwrap.json",
      "package.json",
      "scripts",
      "slack-manifest.http.json",
      "slack-manifest.json",
      "src",
    );
    top.delete("CONTRIBUTING.md");
    expect([...top].toSorted()).toEqual(expected.toSorted());
    expect(globSync("scripts/{bench-*,simulate-*,cost,fleet,growth}", { cwd: release })).toEqual([]);
  });

  it("holds each file that another one of it imports, and each script for people who run Docent", () => {
    const files = globSync("{src,scripts}/**/*.{ts,js}", { cwd: release });
    const missing = files.flatMap((file) => {
      const imports = readFileSync(path.join(release, file), "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g);
      const targets = [...imports].map(([, name = ""]) => path.join(path.dirname(file), name));
      // The page's own server makes that folder.
      return targets.filter((name) => !name.includes("/vendor/") && !existsSync(path.join(release, name)));
    });
    expect(files.length).toBeGreaterThan(300);
    expect(missing).toEqual([]);
    const forPeople = Object.entries(scripts).filter(([name]) => !FOR_DEVELOPERS.test(name));
    const named = forPeople.flatMap(([, command]) => command.match(/(?:scripts|src)\/[\w./-]+/g) ?? []);
    expect(named).toContain("scripts/doctor.ts");
    expect(named.filter((file) => !existsSync(path.join(release, file)))).toEqual([]);
  });

  it("knows each package that it needs by its hash, as the checkout does", () => {
    const shipped = readFileSync(path.join(release, "npm-shrinkwrap.json"), "utf8");
    expect(shipped).toBe(readFileSync("package-lock.json", "utf8"));
    expect(existsSync(path.join(checkout, "npm-shrinkwrap.json"))).toBe(false);
    const bom = execFileSync("npm", ["run", "--silent", "sbom"], { cwd: release, encoding: "utf8" });
    expect(JSON.parse(bom)).toMatchObject({ bomFormat: "CycloneDX", metadata: { component: { name: "docent" } } });
  });

  it("starts and answers once its packages are there", async () => {
    // Those that `npm ci --omit=dev` has brought into the image.
    symlinkSync(image.moved("/app/node_modules"), path.join(release, "node_modules"));
    const env = { ...process.env, PATH: pathOfPrograms(), DATA_DIR: path.join(folder, "data"), PORT: "0" };
    const before = execFileSync("npm", ["run", "--silent", "prestart"], { cwd: release, env, encoding: "utf8" });
    expect(before).toBe("");
    const program = await startCommand((scripts["start"] ?? "").split(" "), { cwd: release, env });
    const [, url = ""] = /Docent is ready: (\S+)/.exec(program.output()) ?? [];
    expect((await visit({ url }, "general").ask(QUESTION, [await toLease()])).citations).toMatchObject(HERE);
    expect(program.output()).toContain(`Version   ${version}`);
    expect(await program.stop("SIGTERM")).toBe(0);
  });
});

/** This Node and what the machine has, npm among it. */
function pathOfPrograms(): string {
  return `${path.join(folder, "image/programs")}:${process.env["PATH"] ?? ""}`;
}
