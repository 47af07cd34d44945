import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../core/ports/system.ts";
import { createRateLimit } from "../../core/rate-limit.ts";

const COOKIE = "docent_session";
const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;
const MAX_FAILURES = 10;
/** Of all addresses together: who has many of them is not to guess with each. */
const MAX_FAILURES_OF_ALL = 300;
const WINDOW_MS = 60_000;

export type SignInResult =
  | { readonly ok: true; readonly cookie: string }
  | { readonly ok: false; readonly waitMs: number };

/** The one token that opens the web page, and the sessions made with it. */
export interface SignIn {
  /** Whether a request carries the token or a session of it. */
  isSignedIn(request: Request): boolean;
  /**
   * Checks a token that was typed at `address`. `waitMs` above 0 means that too many wrong ones came within a minute, and
   * this one was not looked at.
   */
  try(token: string, from: { readonly address: string; readonly isHttps: boolean }): SignInResult;
  /** A cookie that ends the session. */
  signOutCookie(isHttps: boolean): string;
}

/** Sessions need no storage: a cookie holds its end and an HMAC of it, keyed with the token, so a new token ends them all. */
export function createSignIn(token: string, clock: Clock): SignIn {
  const failures = createRateLimit({ max: MAX_FAILURES, windowMs: WINDOW_MS, clock });
  const allFailures = createRateLimit({ max: MAX_FAILURES_OF_ALL, windowMs: WINDOW_MS, clock });

  return {
    isSignedIn(request) {
      const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
      if (bearer !== undefined) return isSame(bearer.trim(), token);
      const session = readCookie(request.headers.get("cookie") ?? "");
      return session !== null && isValid(session);
    },
    try(typed, { address, isHttps }) {
      const waitMs = Math.max(failures.waitOf(address), allFailures.waitOf("all"));
      if (waitMs > 0) return { ok: false, waitMs };
      if (!isSame(typed, token)) {
        failures.use(address);
        allFailures.use("all");
        return { ok: false, waitMs: 0 };
      }
      const endsAt = String(clock.now() + SESSION_DAYS * DAY_MS);
      return { ok: true, cookie: toCookie(`${endsAt}.${sign(endsAt)}`, SESSION_DAYS * 86_400, isHttps) };
    },
    signOutCookie: (isHttps) => toCookie("", 0, isHttps),
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
