import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LANGUAGE_TAGS } from "../../../src/core/texts/languages.ts";
import { SHARED_WITH_PAGE, toPageTexts } from "../../../src/core/texts/page-texts.ts";
import { ask } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";

const PUBLIC = "src/bots/web/public";

describe("the page's files", () => {
  it("are all there: everything that the page and its modules name", async () => {
    const { bot } = await startWebBot();
    const named = new Set<string>();
    for (const file of globSync(`${PUBLIC}/*.{html,js}`)) {
      const text = readFileSync(file, "utf8");
      for (const [, path = ""] of text.matchAll(/"(\/assets\/[^"]+)"/g)) named.add(path);
      for (const [, path = ""] of text.matchAll(/(?:from |import\()"\.\/([^"]+)"/g)) named.add(`/assets/${path}`);
      for (const [, path = ""] of text.matchAll(/from "\.\.(\/vendor\/[^"]+)"/g)) named.add(path);
    }
    expect(named.size).toBeGreaterThan(30);
    for (const path of named) expect([path, (await ask(bot, path)).status]).toEqual([path, 200]);
    const served = globSync(`${PUBLIC}/*`).map((file) => `/assets/${file.split("/").at(-1)}`);
    expect(served.filter((path) => !named.has(path))).toEqual([
      "/assets/dialogs.html",
      "/assets/index.html",
      "/assets/sign-in.css",
    ]);
  });

  it.for([
    ["/assets/app.js", "text/javascript; charset=utf-8"],
    ["/assets/base.css", "text/css; charset=utf-8"],
    ["/assets/icon.svg", "image/svg+xml"],
    ["/favicon.ico", "image/svg+xml"],
    ["/vendor/marked.js", "text/javascript; charset=utf-8"],
    ["/vendor/pdfjs/pdf.worker.min.mjs", "text/javascript; charset=utf-8"],
    ["/vendor/pdfjs/wasm/openjpeg.wasm", "application/wasm"],
    ["/vendor/pdfjs/cmaps/UniKS-UTF16-H.bcmap", "application/octet-stream"],
    ["/vendor/pdfjs/standard_fonts/LiberationSans-Regular.ttf", "application/octet-stream"],
  ] as const)("come with their type, and unchanged ones are not sent again: %s", async ([path, type]) => {
    const { bot } = await startWebBot();
    const first = await ask(bot, path);
    expect([first.status, first.headers.get("content-type")]).toEqual([200, type]);
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const second = await ask(bot, path, { headers });
    expect([second.status, await second.text()]).toEqual([304, ""]);
  });

  it.for([
    "/assets/index.html",
    "/assets/dialogs.html",
    "/assets/../web-bot.ts",
    "/assets/%2e%2e%2fweb-bot.ts",
    "/assets/none.js",
    "/vendor/hono/package.json",
    "/vendor/pdfjs/../../package.json",
    "/vendor/pdfjs/cmaps/..%2f..%2fpackage.json",
    "/vendor/pdfjs/cmaps/none.bcmap",
    "/vendor/constructor",
  ])("are the only ones: %s", async (path) => {
    const { bot } = await startWebBot();
    expect((await ask(bot, path)).status).toBe(404);
  });

  it("answer for the paths of the page and leave the others to the server", async () => {
    const { bot } = await startWebBot();
    const paths = ["/", "/sign-in", "/assets/app.js", "/api/me", "/healthz", "/slack/events", "/metrics", "/apix"];
    expect(paths.filter((path) => bot.matches(path))).toEqual(["/", "/sign-in", "/assets/app.js", "/api/me"]);
  });
});

describe("the page's words", () => {
  it.for(LANGUAGE_TAGS)("come with the page, and end no element: %s", async (tag) => {
    const { bot } = await startWebBot();
    const html = await (await ask(bot, "/", { headers: { "accept-language": tag } })).text();
    const [, lang] = /<html lang="([^"]+)">/.exec(html) ?? [];
    const [, json = ""] = /<script type="application\/json" id="texts">([^<]+)<\/script>/.exec(html) ?? [];
    expect([lang, JSON.parse(json)]).toEqual([tag, toPageTexts(tag)]);
    expect(html).toContain(`<noscript>${toPageTexts(tag)["page.noscript"]}</noscript>`);
  });

  it("are all used, and none that is used is missing", () => {
    const sources = globSync(`${PUBLIC}/*.{html,js}`)
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const en = toPageTexts("en");
    const unused = Object.keys(en).filter((key) => !sources.includes(`"${key}"`));
    // These are put together from a document's state and kind, and from the unit of a place.
    expect(unused).toEqual([
      "page.noscript",
      ...["noted", "ready", "failed"].map((state) => `document.${state}`),
      ...["pdf", "scan", "text", "table", "workbook", "office", "image", "archive"].map((kind) => `kind.${kind}`),
      ...["page", "line", "slide", "sheet", "section"].map((unit) => `unit.${unit}`),
      ...SHARED_WITH_PAGE.filter((key) => /^place\.(?!in_document)/.test(key)),
    ]);
    const used = [...sources.matchAll(/(?:\bt\(|data-t(?:-label)?=)"([\w.]+)"/g)].map(([, key = ""]) => key);
    expect(used.filter((key) => !(key in en))).toEqual([]);
  });
});
