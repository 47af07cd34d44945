import type { TextKey } from "../../core/texts/language.ts";
import { toLanguage } from "../../core/texts/languages.ts";
import { text } from "../../core/texts/text.ts";
import { escapeHtml } from "./escape-html.ts";
import { PAGE_POLICY } from "./security-headers.ts";

export interface SignInProblem {
  readonly key: TextKey;
  readonly status: number;
  /** After how long another attempt is looked at. */
  readonly waitMs?: number;
}

/**
 * The form that asks for the token. Under the header's no-referrer it would send "Origin: null", which the guard has to
 * refuse; the page's own policy tells its own server alone where it came from.
 */
export function toSignInPage(locale: string, problem: SignInProblem | null, status = 200): Response {
  const say = (key: TextKey): string => escapeHtml(text(key, locale));
  const error = problem === null ? "" : `<p class="sign-in-error" id="problem" role="alert">${say(problem.key)}</p>`;
  const described = problem === null ? "hint" : "hint problem";
  const html = `<!doctype html>
<html lang="${toLanguage(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${say("web.sign_in")} · Docent</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/theme.js"></script>
<link rel="stylesheet" href="/assets/base.css">
<link rel="stylesheet" href="/assets/controls.css">
<link rel="stylesheet" href="/assets/sign-in.css">
</head>
<body>
<main class="sign-in">
<h1><img src="/assets/icon.svg" alt="" width="28" height="28"> Docent</h1>
<p id="hint">${say("web.sign_in_hint")}</p>
<form method="post" action="/sign-in">
<label for="token">${say("web.token")}</label>
<input id="token" name="token" type="password" autocomplete="current-password" aria-describedby="${described}" required autofocus>
${error}
<button class="button primary" type="submit">${say("web.sign_in")}</button>
</form>
</main>
</body>
</html>
`;
  const waitMs = problem?.waitMs ?? 0;
  return new Response(html, {
    status: problem?.status ?? status,
    headers: {
      ...(waitMs > 0 ? { "retry-after": String(Math.ceil(waitMs / 1000)) } : {}),
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": PAGE_POLICY,
    },
  });
}
