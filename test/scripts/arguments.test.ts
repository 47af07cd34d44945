import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

it.for(["setup", "doctor", "audit", "migrate", "migrate-threads"] as const)(
  "%s says how it is used, and what it does not know",
  (name) => {
    const run = (option: string): { readonly status: number | null; readonly out: string; readonly err: string } => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(`scripts/${name}.ts`), option], {
        cwd: temporaryFolder(),
        env: { PATH: process.env["PATH"] ?? "" },
        encoding: "utf8",
      });
      return { status, out: stdout, err: stderr };
    };
    const command = `npm run ${name.replace("-", ":")} -- `;
    expect(run("--help")).toEqual({ status: 0, out: expect.stringContaining(command) as string, err: "" });
    const wrong = run("--jsn");
    expect(wrong).toMatchObject({ status: 2, out: "" });
    expect(wrong.err.startsWith(`Unknown option '--jsn'.\n\n${command}`)).toBe(true);
    expect(wrong.err).not.toMatch(/\n\s+at /);
  },
);
