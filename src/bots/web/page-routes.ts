import { toLanguage } from "../../core/texts/languages.ts";
import { toPageTexts } from "../../core/texts/page-texts.ts";
import { escapeHtml } from "./escape-html.ts";
import { readText } from "./json-body.ts";
import { toLocale } from "./locale.ts";
import { PAGE_POLICY } from "./security-headers.ts";
import { toSignInPage } from "./sign-in-page.ts";
import type { SignIn } from "./sign-in.ts";
import { createStaticFiles } from "./static-files.ts";

export interface PageRoutes {
  /** Answers a request for the page, its files or the sign-in; null when it is for the API or not allowed to see these. */
  handle(request: Request): Promise<Response | null>;
}

/** What the sign-in page needs before anybody has signed in. */
const OPEN_ASSETS: readonly string[] = ["icon.svg", "theme.js", "base.css", "controls.css", "sign-in.css"];

const MAX_FORM_BYTES = 10_000;

/** The HTML, the static files and the sign-in form. */
export function createPageRoutes({ signIn, language }: { signIn: SignIn | null; language: string }): PageRoutes {
  const files = createStaticFiles();

  return {
    async handle(request) {
      const { pathname } = new URL(request.url);
      const isOpen = signIn === null || signIn.isSignedIn(request);
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (pathname === "/sign-in" && signIn !== null) {
        return request.method === "POST" ? submit(request, signIn) : toSignInPage(toLocale(request, language), null);
      }
      if (pathname === "/sign-out" && signIn !== null && request.method === "POST") {
        return redirect("/sign-in", signIn.signOutCookie);
      }
      if (!isRead) return null;
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

  async function submit(request: Request, gate: SignIn): Promise<Response> {
    const form = new URLSearchParams((await readText(request, MAX_FORM_BYTES)) ?? "");
    const result = gate.try(form.get("token")?.trim() ?? "", isHttps(request));
    if (result.ok) return redirect("/", result.cookie);
    const locale = toLocale(request, language);
    return result.busy
      ? toSignInPage(locale, { key: "web.too_many_attempts", status: 429 })
      : toSignInPage(locale, { key: "web.wrong_token", status: 401 });
  }
}

function isHttps(request: Request): boolean {
  return new URL(request.url).protocol === "https:" || request.headers.get("x-forwarded-proto") === "https";
}

function redirect(location: string, cookie: string): Response {
  return new Response(null, { status: 303, headers: { location, "set-cookie": cookie, "cache-control": "no-store" } });
}
