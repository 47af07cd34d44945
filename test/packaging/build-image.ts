import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { argumentsOf, parseCopy, readDockerfile, type Stage } from "./dockerfile.ts";

/** Who `node` is in Node's images, where the test may become somebody else; else whoever runs the test. */
export const NODE_USER = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly stage: Stage;
  /** A path or a command of the Dockerfile, with the absolute paths in it moved below `root`. */
  readonly moved: (text: string) => string;
}

/**
 * Does what the Dockerfile says, without Docker: each stage in an empty folder, whose only programs are this Node and
 * those of the machine. Stages have the same root, one after the other, as absolute paths are the same in all of them.
 * @param folder empty, and open to everybody
 */
export function buildImage(context: string, folder: string): Image {
  const root = path.join(folder, "root");
  const programs = path.join(folder, "programs");
  mkdirSync(programs);
  // Where this Node stands nobody else may be allowed to look.
  cpSync(process.execPath, path.join(programs, "node"));
  const stages = readDockerfile(path.join(context, "Dockerfile"));
  for (const stage of stages) {
    mkdirSync(path.join(root, "tmp"), { recursive: true });
    chmodSync(path.join(root, "tmp"), 0o1777);
    run(stage);
    if (stage !== stages.at(-1)) renameSync(root, path.join(folder, stage.name));
  }
  rmSync(path.join(root, "tmp"), { recursive: true });
  const stage = stages.at(-1);
  if (stage === undefined) throw new Error("The Dockerfile has no stage.");
  return { root, stage, moved };

  function run(current: Stage): void {
    let workdir = root;
    let user = {};
    for (const { kind, rest } of current.instructions) {
      if (kind === "USER") user = rest === "node" ? NODE_USER : {};
      if (kind === "WORKDIR") mkdirSync((workdir = moved(rest)), { recursive: true });
      if (kind === "COPY") copy(rest, workdir);
      if (kind === "RUN") {
        const env = { ...process.env, PATH: `${programs}:${process.env["PATH"] ?? ""}`, NODE_ENV: undefined };
        const { status, stderr } = spawnSync("/bin/sh", ["-c", moved(rest)], { cwd: workdir, env, ...user });
        if (status !== 0) throw new Error(`RUN ${rest}\nended with ${status}:\n${String(stderr)}`);
      }
    }
  }

  function copy(rest: string, workdir: string): void {
    const { from, owner, sources, target } = parseCopy(rest);
    for (const source of sources) {
      const origin = from === undefined ? path.join(context, source) : path.join(folder, from, source);
      const isFolder = target.endsWith("/") && from === undefined;
      const place = path.join(target.startsWith("/") ? root : workdir, target, isFolder ? path.basename(source) : "");
      cpSync(origin, place, { recursive: true });
      if (owner !== undefined) give(place, owner);
    }
  }

  function moved(text: string): string {
    return text
      .replaceAll(/(?<![\w./])\/(app|data|tmp)\b/g, `${root}/$1`)
      .replaceAll(/\bchown node:node\b/g, `chown ${idsOf("node:node")}`);
  }
}

/** The files that git knows, or would add, as a fresh clone with this state would have them. */
export function copyRepository(target: string): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).toString();
  for (const file of listed.split("\0").filter((name) => existsSync(name))) cpSync(file, path.join(target, file));
}

/** Takes out of a context what its `.dockerignore` keeps back: a list that begins with everything. */
export function applyDockerignore(context: string): void {
  const rules = readFileSync(path.join(context, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (rules[0] !== "*") throw new Error("This reads a .dockerignore whose first rule is *.");
  const allowed = new Set(["Dockerfile", ...rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1))]);
  const entries = readdirSync(context);
  const refused = [
    ...entries.filter((name) => !allowed.has(name)),
    ...rules.slice(1).flatMap((rule) => (rule.startsWith("!") ? [] : globSync(rule, { cwd: context }))),
  ];
  for (const name of refused) rmSync(path.join(context, name), { recursive: true, force: true });
}

/** The user of a file as numbers that this machine knows. */
function idsOf(owner: string): string {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (owner === "root:root" || uid !== 0) return `${uid}:${gid}`;
  return `${NODE_USER.uid}:${NODE_USER.gid}`;
}

function give(place: string, owner: string): void {
  const [uid = 0, gid = 0] = idsOf(owner).split(":").map(Number);
  const inside = statSync(place).isDirectory() ? readdirSync(place, { recursive: true, encoding: "utf8" }) : [];
  for (const file of [place, ...inside.map((name) => path.join(place, name))]) lchownSync(file, uid, gid);
}

/** What a stage says last of a kind, as JSON in its exec form. */
export function execForm(stage: Stage, kind: "CMD" | "HEALTHCHECK"): readonly string[] {
  const last = argumentsOf(stage, kind).at(-1) ?? "";
  return JSON.parse(last.slice(last.indexOf("["))) as string[];
}
