import { onTestFinished } from "vitest";
import { startMirrorServer, type MirrorServer } from "../servers/mirror-server.ts";
import type { Program } from "./program.ts";

/** Part of every secret that the tests plant, however it is written down. */
const PLANTED = /pl4nted/i;

export const WEB_TOKEN = "pl4nted-web-token";
export const OPENAI_KEY = 'pl4nted-openai-"key"\\1';
export const auth = { authorization: `Bearer ${WEB_TOKEN}` };
/** The program tells most. */
export const NOISE = { LOG_LEVEL: "debug", WEB_TOKEN } as const;

/** The lines that hold a planted secret. */
export function findPlanted(told: string): readonly string[] {
  return told.split("\n").filter((line) => PLANTED.test(line));
}

/** A server that quotes every request, until the test is over. */
export async function startMirror(status?: number): Promise<MirrorServer> {
  const mirror = await startMirrorServer(status);
  onTestFinished(() => mirror.close());
  return mirror;
}

/** All that the program tells anybody: its lines, what it says of its parts, its figures, its answers and its errors. */
export async function listen(program: Program): Promise<string> {
  const read = async (path: string, headers: Record<string, string>, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`${program.url}${path}`, { headers, redirect: "manual", ...init });
    return `${[...response.headers].filter(([name]) => name !== "set-cookie").join()} ${await response.text()}`;
  };
  const cookie = "docent_session=9999999999999.pl4nted-session";
  const said = await Promise.all([
    read("/readyz", auth),
    read("/readyz", {}),
    read("/metrics", auth),
    read("/api/channels/general/messages", auth),
    read("/api/channels/general/documents", auth),
    read("/api/me", { cookie }),
    read("/api/me", { authorization: "Bearer pl4nted-guess" }),
    read("/api/documents/pl4nted/content?token=pl4nted", { cookie }),
    read("/api/usage", auth),
    read("/sign-in", {}, { method: "POST", body: new URLSearchParams({ token: "pl4nted-guess" }) }),
    read("/sign-in", {}, { method: "POST", body: new URLSearchParams({ token: WEB_TOKEN }) }),
    read("/slack/events", { "x-slack-signature": "v0=pl4nted", "x-slack-request-timestamp": "1" }, { method: "POST" }),
    read("/api/channels/general/messages", auth, {
      method: "POST",
      headers: { ...auth, "content-type": "multipart/form-data; boundary=pl4nted" },
      body: "pl4nted",
    }),
  ]);
  return [program.output(), ...said].join("\n");
}
