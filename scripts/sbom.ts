/**
 * `npm run --silent sbom`: the bill of materials of what runs in production, as CycloneDX, from the lockfile alone (in a
 * release `npm-shrinkwrap.json`).
 *
 * npm writes it; but `npm sbom --omit=dev` (11.19) also leaves out what production shares with a tool of development,
 * such as `pg`. So npm lists everything, and what the lockfile marks as development is taken out here.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
}

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly dev?: boolean;
}

const lock = JSON.parse(
  readFileSync(existsSync("package-lock.json") ? "package-lock.json" : "npm-shrinkwrap.json", "utf8"),
) as {
  readonly name: string;
  readonly packages: Readonly<Record<string, Locked>>;
};
const args = ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"];
const bom = JSON.parse(execFileSync("npm", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })) as Bom;

const kept = new Set([bom.metadata.component["bom-ref"]]);
for (const [place, { name, version, dev }] of Object.entries(lock.packages)) {
  if (dev !== true && place !== "") kept.add(`${name ?? place.split("node_modules/").at(-1)}@${version}`);
}
const production = {
  ...bom,
  // npm takes the folder's name.
  metadata: { ...bom.metadata, component: { ...bom.metadata.component, name: lock.name } },
  components: bom.components.filter((component) => kept.has(component["bom-ref"])),
  dependencies: bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) })),
};
process.stdout.write(`${JSON.stringify(production, null, 2)}\n`);
