import type { Document } from "../document.ts";
import type { Engine } from "../ports/engine.ts";
import type { Documents } from "../ports/stores.ts";

/** A document of the same scope with the same bytes that all `engines` have. Other scopes are never looked into. */
export async function findTwin(
  document: Document,
  documents: Documents,
  engines: readonly Pick<Engine, "name">[],
): Promise<Document | undefined> {
  const others = await documents.list({ scope: document.scope, states: ["ready"] });
  return others.find(
    (other) =>
      other.id !== document.id &&
      other.sha256 === document.sha256 &&
      other.sameAs === undefined &&
      // No engine is given an archive itself.
      (other.type?.kind === "archive" || engines.every(({ name }) => other.engines.includes(name))),
  );
}

/**
 * Documents as engines know them: of one that is the same as another, that other one, as if it had come with the same
 * message. Each once, and team knowledge that is ready in the channel as well only as the channel's.
 */
export async function resolveTwins(found: readonly Document[], documents: Documents): Promise<readonly Document[]> {
  const resolved = new Map<string, Document>();
  for (const document of found) {
    const twin = document.sameAs === undefined ? document : await documents.get(document.sameAs);
    if (twin === undefined) continue;
    // What came with the question stays what came with the question.
    const known = resolved.get(twin.id);
    const isCloser = known === undefined || document.createdAt >= known.createdAt;
    if (isCloser) resolved.set(twin.id, { ...twin, messageKey: document.messageKey, createdAt: document.createdAt });
  }
  const all = [...resolved.values()];
  const here = new Set(
    all.filter(({ scope, state }) => scope.kind === "channel" && state === "ready").map(({ sha256 }) => sha256),
  );
  return all.filter(({ scope, sha256 }) => scope.kind === "channel" || sha256 === null || !here.has(sha256));
}

/** A document is gone: those that were the same as it have to be read themselves. */
export async function freeTwins({ id, scope }: Document, documents: Documents): Promise<void> {
  for (const { id: twin, sameAs } of await documents.list({ scope })) {
    if (sameAs === id) await documents.update(twin, { ...withoutTwin(), state: "noted" });
  }
}

/** What changes for a document that has to be read itself. */
export function withoutTwin(): Pick<Document, "sameAs" | "type" | "engines"> {
  return { sameAs: undefined, type: null, engines: [] };
}
