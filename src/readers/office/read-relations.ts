import type { Package } from "./open-package.ts";
import { parseXml } from "./parse-xml.ts";

export interface Relation {
  /** The last word of the relation's type, e.g. `slide`, `notesSlide`, `officeDocument`. */
  readonly type: string;
  /** The part it leads to. */
  readonly part: string;
}

/** The relations of a part of an Office file, by their ids; none when it has none. */
export async function readRelations(parts: Package, part: string): Promise<ReadonlyMap<string, Relation>> {
  const slash = part.lastIndexOf("/");
  const folder = part.slice(0, slash + 1);
  const source = `${folder}_rels/${part.slice(slash + 1)}.rels`;
  const relations = new Map<string, Relation>();
  if (!parts.has(source)) return relations;
  await parseXml(parts.text(source), {
    open(name, { Id, Type, Target, TargetMode }) {
      if (name !== "Relationship" || Id === undefined || Target === undefined || TargetMode === "External") return;
      relations.set(Id, { type: Type?.split("/").at(-1) ?? "", part: resolvePart(folder, Target) });
    },
  });
  return relations;
}

/** The part that an Office file begins with; programs are free to call it as they like. */
export async function findMainPart(parts: Package, usual: string): Promise<string> {
  const relations = await readRelations(parts, "");
  const main = [...relations.values()].find(({ type }) => type === "officeDocument")?.part;
  return main !== undefined && parts.has(main) ? main : usual;
}

/** A target as the part that it names, seen from a folder. */
export function resolvePart(folder: string, target: string): string {
  return new URL(target, `zip:///${folder}`).pathname.slice(1);
}
