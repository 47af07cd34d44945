import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { postMessage, readDocuments, readMessages, sendAfter, type FindUrl } from "../world/page-place.ts";
import type { PostedFile } from "../world/place.ts";

/** Asks for a run that never ends. */
export const ENDLESS = "Think about this for ever.";

const LOOK_AGAIN_MS = 200;

/** Somebody asks, with a file, has the channel forgotten, and asks again; any replica gets each request. Returns what was wrong. */
export async function forgetChannel(
  findUrl: FindUrl,
  name: string,
  options: { readonly file: PostedFile; readonly holds: (fileName: string) => boolean },
): Promise<readonly string[]> {
  const { file, holds } = options;
  const path = `/api/channels/${name}`;
  await ask(findUrl, path, "question before.", file);
  await whenAnswered(findUrl, path);
  await sendAfter(
    Promise.resolve(),
    async () => await isTaken(fetch(`${findUrl()}${path}`, { method: "DELETE" }), [200]),
  );
  const messages = await readMessages(findUrl, path);
  const documents = await readDocuments(findUrl, path);
  await ask(findUrl, path, "question after.");
  const texts = await whenAnswered(findUrl, path);
  return [
    ...(messages.length === 0 ? [] : [`${name}: ${messages.length} messages are left`]),
    ...(documents.length === 0 ? [] : [`${name}: ${documents.length} documents are left`]),
    ...(holds(file.name) ? [`${name}: OpenAI still has ${file.name}`] : []),
    ...(texts.length === 1 && texts[0]?.includes("question after.") === true ? [] : [`${name}: ${texts.join(" / ")}`]),
  ];
}

/** Somebody asks for a run that never ends and stops it; any replica gets each request. Returns what was wrong. */
export async function stopQuestion(findUrl: FindUrl, name: string): Promise<readonly string[]> {
  const path = `/api/channels/${name}`;
  await ask(findUrl, path, ENDLESS);
  const [question] = await readMessages(findUrl, path);
  const turn = `/api/turns/${question?.turn?.id}`;
  await sendAfter(Promise.resolve(), async () => {
    const response = await fetch(`${findUrl()}${turn}`).catch(() => undefined);
    const { state } = response?.status === 200 ? ((await response.json().catch(() => ({}))) as { state?: string }) : {};
    return state === "running";
  });
  await sendAfter(
    Promise.resolve(),
    async () => await isTaken(fetch(`${findUrl()}${turn}/cancel`, { method: "POST" }), [202]),
  );
  const texts = await whenAnswered(findUrl, path);
  return texts.length === 1 && texts[0]?.includes("Stopped") === true ? [] : [`${name}: ${texts.join(" / ")}`];
}

async function ask(findUrl: FindUrl, path: string, text: string, file?: PostedFile): Promise<void> {
  const id = randomUUID();
  await sendAfter(Promise.resolve(), async () => await postMessage(findUrl, path, { id, text, file }));
}

async function whenAnswered(findUrl: FindUrl, path: string): Promise<readonly string[]> {
  for (;;) {
    const messages = await readMessages(findUrl, path);
    const texts = messages.filter(({ author }) => author === "docent").map(({ text }) => text);
    if (texts.length > 0) return texts;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** 202 means that it is noted and goes on: whoever waits asks again. */
async function isTaken(answer: Promise<Response>, statuses: readonly number[]): Promise<boolean> {
  const response = await answer.catch(() => undefined);
  await response?.arrayBuffer().catch(() => undefined);
  return response !== undefined && statuses.includes(response.status);
}
