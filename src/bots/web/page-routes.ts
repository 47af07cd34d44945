import type { Client } from "../../core/ports/system.ts";
import { toLanguage } from "../../core/texts/languages.ts";
import { toPageTexts } from "../../core/texts/page-texts.ts";
import { toWrongMethod } from "./error-response.ts";
import { escapeHtml } from "./escape-html.ts";
import { readText } from "./json-body.ts";
import { toLocale } from "./locale.ts";
import { PAGE_POLICY } from "./security-headers.ts";
import { toSignInPage } from "./sign-in-page.ts";
import type { SignIn } from "./sign-in.ts";
import { createStaticFiles } from "./static-files.ts";

export interface PageRoutes {
  /** Answers a request for the page, its files or the sign-in; null when it is for the API or not allowed to see these. */
  handle(request: Request, client: Client): Promise<Response | null>;
}

/** What the sign-in page needs before anybody has signed in. */
const OPEN_ASSETS: readonly string[] = ["icon.svg", "theme.js", "base.css", "controls.css", "sign-in.css"];

const MAX_FORM_BYTES = 10_000;

/** The HTML, the static files and the sign-in form. */
export function createPageRoutes({ signIn, language }: { signIn: SignIn | null; language: string }): PageRoutes {
  const files = createStaticFiles();

  return {
    async handle(request, client) {
      const { pathname } = new URL(request.url);
      const isOpen = signIn === null || signIn.isSignedIn(request);
      const methods = methodsOf(pathname);
      if (methods === null) return null;
      if (!methods.includes(request.method)) return toWrongMethod(request, methods, toLocale(request, language));
      if (pathname === "/sign-in" && signIn !== null) {
        if (request.method === "POST") return await submit(request, signIn, client);
        return toSignInPage(toLocale(request, language), null);
      }
      if (pathname === "/sign-out" && signIn !== null) {
        return redirect("/sign-in", signIn.signOutCookie(isHttps(request)));
      }
      // The same page; it opens its dialog.
      if (pathname === "/" || pathname === "/setup") {
        return isOpen ? toPage(request) : toSignInPage(toLocale(request, language), null, 401);
      }
      if (pathname === "/favicon.ico") return files.asset("icon.svg", request);
      const [, folder, path = ""] = /^\/(assets|vendor)\/(.+)$/.exec(pathname) ?? [];
      if (folder === "assets" && (isOpen || OPEN_ASSETS.includes(path))) return files.asset(path, request);
      if (folder === "vendor" && isOpen) return files.vendor(path, request);
      return null;
    },
  };

  function toPage(request: Request): Response {
    const shown = toLanguage(toLocale(request, language));
    const texts = toPageTexts(shown);
    const values = {
      language: shown,
      // No text may end the element that holds it.
      texts: JSON.stringify(texts).replaceAll("<", "\\u003c"),
      noscript: escapeHtml(texts["page.noscript"]),
    };
    return new Response(files.page(values), {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        "content-security-policy": PAGE_POLICY,
        vary: "accept-language, cookie",
      },
    });
  }

  /** What may be done at a path of the page; null when it is none. */
  function methodsOf(pathname: string): readonly string[] | null {
    if (pathname === "/sign-in") return signIn === null ? null : ["GET", "HEAD", "POST"];
    if (pathname === "/sign-out") return signIn === null ? null : ["POST"];
    return /^\/(?:$|setup$|favicon\.ico$|assets\/|vendor\/)/.test(pathname) ? ["GET", "HEAD"] : null;
  }

  async function submit(request: Request, gate: SignIn, { address }: Client): Promise<Response> {
    const form = new URLSearchParams((await readText(request, MAX_FORM_BYTES)) ?? "");
    const result = gate.try(form.get("token")?.trim() ?? "", { address, isHttps: isHttps(request) });
    if (result.ok) return redirect("/", result.cookie);
    const locale = toLocale(request, language);
    return result.waitMs > 0
      ? toSignInPage(locale, { key: "web.too_many_attempts", status: 429, waitMs: result.waitMs })
      : toSignInPage(locale, { key: "web.wrong_token", status: 401 });
  }
}

function isHttps(request: Request): boolean {
  return new URL(request.url).protocol === "https:" || request.headers.get("x-forwarded-proto") === "https";
}

function redirect(location: string, cookie: string): Response {
  return new Response(null, { status: 303, headers: { location, "set-cookie": cookie, "cache-control": "no-store" } });
}
