import { randomUUID } from "node:crypto";
import type { Place, Post, PostedFile } from "./place.ts";

interface ApiDocument {
  readonly id: string;
  readonly name: string;
}

/** Where the page can be reached; null while no program runs. Asked again for every request. */
export type FindUrl = () => string | null;

/** A channel of the page. Sends one message after the other, each until it is accepted, with the same id: as the page does. */
export function openPagePlace(findUrl: FindUrl, index: number): Place {
  const path = `/api/channels/crash-${index}`;
  const removed: ApiDocument[] = [];
  let last: Promise<void> = Promise.resolve();
  const send = (text: string, file?: PostedFile): Post => {
    const id = randomUUID();
    last = sendAfter(last, () => postMessage(findUrl, path, { id, text, file }));
    return { accepted: last };
  };
  return {
    name: `page ${index}`,
    ask: send,
    note: (file) => send("", file),
    change: () => void (last = last.then(() => removeOldest(findUrl, path, removed))),
    async undone(holds) {
      await last;
      const documents = await readDocuments(findUrl, path);
      const isLeft = ({ id, name }: ApiDocument): boolean => documents.some((one) => one.id === id) || holds(name);
      return removed.filter(isLeft).map(({ name }) => `page ${index}: ${name} was removed and is there`);
    },
    async answers() {
      const messages = await readMessages(findUrl, path);
      return messages.filter(({ author }) => author === "docent").map(({ text }) => text);
    },
  };
}

/** Posts once; false when it was not accepted, or nobody knows. */
export async function postMessage(
  findUrl: FindUrl,
  path: string,
  message: { readonly id: string; readonly text: string; readonly file?: PostedFile | undefined },
): Promise<boolean> {
  const form = new FormData();
  form.set("id", message.id);
  form.set("text", message.text);
  const { file } = message;
  if (file !== undefined) form.append("files", new Blob([new Uint8Array(file.bytes)]), file.name);
  const response = await fetch(`${findUrl()}${path}/messages`, { method: "POST", body: form }).catch(() => undefined);
  await response?.arrayBuffer().catch(() => undefined);
  return response?.status === 202;
}

/** What a channel shows, oldest first; looks until somebody answers. */
export async function readMessages(
  findUrl: FindUrl,
  path: string,
): Promise<
  readonly { readonly author: string; readonly text: string; readonly turn: { readonly id: string } | null }[]
> {
  const { messages } = (await readUntilThere(findUrl, `${path}/messages`)) as {
    messages: { author: string; text: string; turn: { id: string } | null }[];
  };
  return messages;
}

export async function readDocuments(findUrl: FindUrl, path: string): Promise<readonly ApiDocument[]> {
  const { documents } = (await readUntilThere(findUrl, `${path}/documents`)) as { documents: ApiDocument[] };
  return documents;
}

/** Tries until it is accepted, behind what was sent before. */
export async function sendAfter(before: Promise<void>, post: () => Promise<boolean>): Promise<void> {
  await before;
  while (!(await post())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Deletes the first document of a channel. Repeated after a crash it may be gone: then it was taken. */
async function removeOldest(findUrl: FindUrl, path: string, removed: ApiDocument[]): Promise<void> {
  const [document] = await readDocuments(findUrl, path);
  if (document === undefined) return;
  await sendAfter(Promise.resolve(), async () => {
    const answer = await fetch(`${findUrl()}/api/documents/${document.id}`, { method: "DELETE" }).catch(
      () => undefined,
    );
    return answer !== undefined && [204, 202, 404].includes(answer.status);
  });
  removed.push(document);
}

async function readUntilThere(findUrl: FindUrl, path: string): Promise<unknown> {
  for (;;) {
    const response = await fetch(`${findUrl()}${path}`).catch(() => undefined);
    const json: unknown = response?.status === 200 ? await response.json().catch(() => undefined) : undefined;
    if (json !== undefined) return json;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
