import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const changelog = readFileSync("CHANGELOG.md", "utf8");
const headings = [...changelog.matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);

const notesOf = (tag: string) => spawnSync(process.execPath, ["scripts/release-notes.ts", tag], { encoding: "utf8" });

describe("CHANGELOG.md", () => {
  it("begins with what is not released, then has versions with their days, newest first, that of package.json among them", () => {
    const [first, ...released] = headings;
    expect(first).toBe("[Unreleased]");
    expect(released.filter((heading) => !/^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/.test(heading))).toEqual([]);
    const versions = released.map((heading) => heading.slice(1, heading.indexOf("]")));
    expect(versions).toContain(version);
    const byNumber = new Intl.Collator("en", { numeric: true });
    expect(versions).toEqual(versions.toSorted((one, other) => byNumber.compare(other, one)));
  });
});

describe("the notes of a release", () => {
  it("are the entry of its version, and nothing of its neighbours", () => {
    const { status, stdout } = notesOf(`v${version}`);
    expect(status).toBe(0);
    expect(changelog).toContain(stdout.trim());
    expect(stdout).toContain("### ");
    expect(stdout).not.toContain("## [");
  });

  it("are refused for a tag that is not the version of package.json", () => {
    expect(notesOf("v99.0.0")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(version) });
  });

  it("are what the workflow of a release publishes, after the gate", () => {
    const workflow = readFileSync(".github/workflows/release.yml", "utf8");
    expect(workflow).toContain("bash .ci/run");
    expect(workflow).toContain("needs: gate");
    expect(workflow).toContain('node scripts/release-notes.ts "$GITHUB_REF_NAME" > notes.md');
    expect(workflow).toMatch(/permissions:\n {2}contents: read\n/);
  });
});
