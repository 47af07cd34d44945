import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../core/ports/system.ts";

const COOKIE = "docent_session";
const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;

export type SignInResult =
  | { readonly ok: true; readonly cookie: string }
  | { readonly ok: false; readonly busy: boolean };

/** The one token that opens the web page, and the sessions made with it. */
export interface SignIn {
  /** Whether a request carries the token or a session of it. */
  isSignedIn(request: Request): boolean;
  /** Checks a typed token. `busy` means that too many wrong ones came within a minute, and this one was not looked at. */
  try(token: string, isHttps: boolean): SignInResult;
  /** A cookie that ends the session. */
  readonly signOutCookie: string;
}

/** Sessions need no storage: a cookie holds its end and an HMAC of it, keyed with the token, so a new token ends them all. */
export function createSignIn(token: string, clock: Clock): SignIn {
  let failures: readonly number[] = [];

  return {
    isSignedIn(request) {
      const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (bearer !== undefined) return isSame(bearer.trim(), token);
      const session = readCookie(request.headers.get("cookie") ?? "");
      return session !== null && isValid(session);
    },
    try(typed, isHttps) {
      const now = clock.now();
      failures = failures.filter((at) => at > now - WINDOW_MS);
      if (failures.length >= MAX_FAILURES) return { ok: false, busy: true };
      if (!isSame(typed, token)) {
        failures = [...failures, now];
        return { ok: false, busy: false };
      }
      const endsAt = String(now + SESSION_DAYS * DAY_MS);
      return { ok: true, cookie: toCookie(`${endsAt}.${sign(endsAt)}`, SESSION_DAYS * 86_400, isHttps) };
    },
    signOutCookie: toCookie("", 0, false),
  };

  function sign(endsAt: string): string {
    return createHmac("sha256", token).update(`docent session until ${endsAt}`).digest("base64url");
  }

  function isValid(session: string): boolean {
    const [endsAt = "", signature = ""] = session.split(".");
    return isSame(signature, sign(endsAt)) && Number(endsAt) > clock.now();
  }
}

/** Compares in a time that tells nothing: digests have one length whatever was typed. */
function isSame(a: string, b: string): boolean {
  const digest = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function toCookie(value: string, maxAgeSeconds: number, isHttps: boolean): string {
  const secure = isHttps ? "; Secure" : "";
  return `${COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeSeconds}${secure}`;
}

function readCookie(header: string): string | null {
  for (const part of header.split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === COOKIE && value !== undefined) return value;
  }
  return null;
}
