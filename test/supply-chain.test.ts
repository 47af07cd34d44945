import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[];
}

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as LockedPackage;
const installed = Object.entries(lock.packages).filter(([place]) => place !== "");
const inProduction = installed.filter(([, { dev }]) => dev !== true);
const nameOf = (place: string, { name }: LockedPackage): string => name ?? place.split("node_modules/").at(-1) ?? place;

/** Licences under which a company may ship a program without asking a lawyer. */
const PERMISSIVE: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "(MPL-2.0 OR Apache-2.0)",
];

describe("the packages that Docent is made of", () => {
  it("are named with exact versions", () => {
    const named = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it("are known by the hash of their content, and come from the registry", () => {
    const unknown = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""));
    expect(unknown.map(([place]) => place)).toEqual([]);
    const elsewhere = installed.filter(([, { resolved = "https://registry.npmjs.org/" }]) => {
      return !resolved.startsWith("https://registry.npmjs.org/");
    });
    expect(elsewhere.map(([place]) => place)).toEqual([]);
  });

  it("run nothing when they are installed for production", () => {
    expect(inProduction.length).toBeGreaterThan(100);
    expect(inProduction.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  });

  it("have licences in production that a company can accept", () => {
    const others = inProduction.filter(([, { license }]) => !PERMISSIVE.includes(license ?? "none"));
    expect(others.map(([place, { license }]) => `${place}: ${license}`)).toEqual([]);
  });
});

describe("docs/dependencies.md", () => {
  const page = readFileSync("docs/dependencies.md", "utf8");
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| (\S+) +\| (.+?) +\| (\d+) +\| [\d.]+ +\|$/gm)];
  const needed = Object.keys(manifest.dependencies ?? {});

  it("has a row for each package that package.json names for production, with its version and licence, and no other", () => {
    expect(needed.length).toBeGreaterThan(10);
    const expected = needed.map((name) => {
      const { version, license } = lock.packages[`node_modules/${name}`] ?? {};
      return `${name} ${version} ${license}`;
    });
    expect(rows.map(([, name, version, license]) => `${name} ${version} ${license}`).toSorted()).toEqual(
      expected.toSorted(),
    );
  });

  it("says of each why it is there, and how many packages there are in all", () => {
    const reasons = [...page.matchAll(/^- (.*?): /gm)].flatMap(([, head = ""]) => head.match(/`[^`]+`/g) ?? []);
    expect(reasons.toSorted()).toEqual(needed.map((name) => `\`${name}\``).toSorted());
    expect(page).toContain(`**${inProduction.length} packages, `);
  });
});

describe("npm run sbom", () => {
  it("lists every package of production with its version, licence and hash, and none of development", () => {
    const bom = JSON.parse(execFileSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8" })) as {
      readonly bomFormat: string;
      readonly components: readonly Component[];
    };
    expect(bom.bomFormat).toBe("CycloneDX");
    const expected = inProduction.map(([place, locked]) => `pkg:npm/${nameOf(place, locked)}@${locked.version}`);
    // An alias has its own name, and the address of what lies behind it.
    const listed = bom.components.map(({ purl }) => decodeURIComponent(purl));
    expect([...new Set(listed)].toSorted()).toEqual([...new Set(expected)].toSorted());
    const incomplete = bom.components.filter(({ hashes = [], licenses = [] }) => {
      const isLicensed = licenses.some(({ license, expression }) => (license?.id ?? expression ?? "") !== "");
      return !isLicensed || !hashes.some(({ alg }) => alg === "SHA-512");
    });
    expect(incomplete.map(({ name }) => name)).toEqual([]);
  });
});

describe("CI", () => {
  it("asks for advisories about production on every change and every weekday, and keeps the bill of materials", () => {
    const workflow = readFileSync(".github/workflows/dependencies.yml", "utf8");
    expect(workflow).toContain("npm audit --omit=dev --audit-level=moderate");
    expect(workflow).toContain("npm run --silent sbom");
    expect(workflow).toMatch(/cron: ".* 1-5"/);
    expect(workflow).toMatch(/permissions:\n {2}contents: read\n/);
    expect(readFileSync(".ci/run", "utf8")).toContain("npm audit --omit=dev");
  });
});
