import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchBrowser } from "./browser.ts";
import { askOnPage, dropFiles, keepScreen, makeLoanPolicy, openPage, USAGE } from "./page-under-test.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const ANSWER = `You can borrow a laptop for **up to 14 days** [1]. One extension of seven days is possible, unless somebody else has reserved it [1].

| Case | Who pays | Limit |
|---|---|---:|
| Repair | the library [2] | 150 € |
| Late return | reported to the department | none |

\`array[1]\` stays code, and [9] stays text. The access point is restarted monthly [3].`;

describe("the page", () => {
  it("goes from a dropped PDF to the marked passage, and forgets what it is told to forget", async () => {
    const web = await openPage(browser);
    const { page, docent, problems, blobs, messages } = web;
    await expect(page.locator("#empty").innerText()).resolves.toContain("Add a PDF, an Office file or any text");
    await keepScreen(page, "desktop-empty");

    await dropFiles(page, [
      await makeLoanPolicy(),
      { name: "wifi-notes.txt", type: "text/plain", bytes: Buffer.from("Wi-Fi notes") },
    ]);
    expect(await page.locator("#composer-files .chip").allInnerTexts()).toEqual([
      "loan-policy-2026.pdf",
      "wifi-notes.txt",
    ]);
    const turn = await askOnPage(web, "How long can I borrow a laptop, and who pays when it breaks?");
    await docent.show(turn, { state: "reading", detail: "Reading loan-policy-2026.pdf: page 2 of 3" });
    await page.getByText("Reading loan-policy-2026.pdf: page 2 of 3").first().waitFor();
    await keepScreen(page, "desktop-reading");

    const [pdf, notes] = docent.documentsOf(turn);
    const of = { documentId: pdf?.id ?? "", document: "loan-policy-2026.pdf" };
    const place = { unit: "page", number: 2 } as const;
    await docent.changeDocument(of.documentId, { state: "ready", pages: 3, tokens: 1240 });
    await docent.changeDocument(notes?.id ?? "", { state: "ready", tokens: 312 });
    await docent.answer(turn, {
      text: ANSWER,
      usage: USAGE,
      citations: [
        {
          ...of,
          place,
          quote: "A laptop may be borrowed for up to 14 days. The loan can be extended once by another seven days",
        },
        { ...of, place, quote: "Repairs up to 150 euros are paid by the library." },
        {
          documentId: notes?.id ?? "",
          document: "wifi-notes.txt",
          place: { unit: "line", number: 41 },
          quote: "It must be restarted monthly.",
        },
      ],
    });
    const answer = page.locator(".message.docent");
    await answer.waitFor();
    expect(await page.locator(".turn-status").count()).toBe(0);
    expect(await answer.locator("strong").innerText()).toBe("up to 14 days");
    expect(await answer.locator("td").allInnerTexts()).toContain("150 €");
    expect(await answer.locator(".cite").allInnerTexts()).toEqual(["1", "1", "2", "3"]);
    expect(await answer.locator("code").innerText()).toBe("array[1]");
    expect(await answer.locator(".prose").innerText()).toContain("and [9] stays text");
    expect(await answer.locator(".source-name").allInnerTexts()).toEqual([
      "loan-policy-2026.pdf, p. 2",
      "loan-policy-2026.pdf, p. 2",
      "wifi-notes.txt, line 41",
    ]);
    const usage = answer.locator(".message-usage");
    expect(await usage.innerText()).toBe("4,120 tokens in, 212 out · $0.0031");
    // It used to have the size and the frame of the dialog of the same name.
    expect((await usage.boundingBox())?.height).toBeLessThan(40);
    const [loan, wifi] = await page.locator("#documents .document-facts").allInnerTexts();
    expect(loan).toMatch(/^PDF, 3 pages · 1,240 tokens of text · \d[\d.]* kB$/);
    expect(wifi).toBe("Text, by line · 312 tokens of text · 0.1 kB");
    expect(await page.locator("#documents .document-state").first().innerText()).toMatch(
      /^Ready · from this page, Nov 23/,
    );
    await keepScreen(page, "desktop-light");

    const viewer = page.getByRole("dialog", { name: "loan-policy-2026.pdf" });
    await answer.locator(".cite").nth(2).click();
    await page.locator('.viewer[data-page="2"] mark').first().waitFor();
    expect((await viewer.locator("mark").allInnerTexts()).join(" ")).toBe(
      "Repairs up to 150 euros are paid by the library.",
    );
    expect(await viewer.getByLabel("Page", { exact: true }).inputValue()).toBe("2");
    expect(await viewer.getByRole("link").getAttribute("href")).toBe(`/api/documents/${of.documentId}/content#page=2`);
    const canvas = await viewer.locator("canvas").boundingBox();
    const mark = await viewer.locator("mark").first().boundingBox();
    expect(mark?.x).toBeGreaterThan(canvas?.x ?? Infinity);
    await keepScreen(page, "viewer-light");
    await viewer.getByRole("button", { name: "Next page" }).click();
    await viewer.getByText("service desk").waitFor();
    expect(await viewer.locator("mark").count()).toBe(0);
    expect(await viewer.getByRole("button", { name: "Next page" }).isDisabled()).toBe(true);
    await viewer.getByRole("button", { name: "Zoom in" }).click();
    await page.keyboard.press("Escape");

    await answer.locator(".source").nth(2).click();
    const text = page.getByRole("dialog", { name: "wifi-notes.txt" });
    await text.locator("mark").waitFor();
    expect(await text.locator("mark").innerText()).toBe("It must be restarted monthly.");
    await keepScreen(page, "viewer-text");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Delete loan-policy-2026.pdf" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("“loan-policy-2026.pdf” was deleted.").waitFor();
    expect(await page.locator("#documents .document-name").allInnerTexts()).toEqual(["wifi-notes.txt"]);
    await answer.locator(".source").first().click();
    await viewer.getByText("This document cannot be shown").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Forget this channel" }).click();
    await page.getByRole("dialog", { name: "Forget “general”?" }).waitFor();
    await keepScreen(page, "desktop-forget");
    await page.getByRole("button", { name: "Forget everything" }).click();
    await page.getByText("Forgotten: 2 messages, 1 document.").waitFor();
    await page.locator("#empty").waitFor();
    expect(await page.locator(".message, .document").count()).toBe(0);
    expect([messages.all, blobs.held.size]).toEqual([[], 0]);
    // Opening what was deleted is a 404 that the browser notes for itself.
    expect(problems.filter((problem) => !problem.includes("404"))).toEqual([]);
  });

  it("stops a turn", async () => {
    const web = await openPage(browser);
    const turn = await askOnPage(web, "Read all of it");
    await web.docent.show(turn, { state: "running", detail: "Thinking" });
    await web.page.getByRole("button", { name: "Stop" }).click();
    await web.page.getByText("Stopped.").first().waitFor();
    expect(web.docent.turns.get(turn)?.state).toBe("cancelled");
    expect(await web.page.locator(".turn-status").count()).toBe(0);
    expect(web.problems).toEqual([]);
  });

  it("tells the place in the queue, and stops the one that is meant", async () => {
    const web = await openPage(browser);
    const first = await askOnPage(web, "One");
    const second = await askOnPage(web, "Two");
    await web.docent.show(first, { state: "running", detail: "Thinking" });
    await web.docent.show(second, { position: 1 });
    await web.page.getByText("Waiting: 1 question before yours").first().waitFor();
    await web.page.getByRole("button", { name: "Stop" }).nth(1).click();
    await web.page.getByText("Stopped.").first().waitFor();
    expect([first, second].map((id) => web.docent.turns.get(id)?.state)).toEqual(["running", "cancelled"]);
  });

  it("keeps channels apart: each in its own address, with what was begun there", async () => {
    const web = await openPage(browser, { at: "/#design" });
    const { page } = web;
    expect(await page.locator("#channel-name").innerText()).toBe("design");
    await askOnPage(web, "Only here");
    await page.getByLabel("Your question").fill("A draft");
    await page.getByRole("button", { name: "New channel" }).click();
    await page.getByLabel("Name", { exact: true }).fill("a/b");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Please use 1 to 80 letters").waitFor();
    await page.getByLabel("Name", { exact: true }).fill("경영 지원팀");
    await page.getByLabel("Name", { exact: true }).press("Enter");
    await page.locator("#channel-name", { hasText: "경영-지원팀" }).waitFor();
    expect(new URL(page.url()).searchParams.get("channel")).toBe("경영-지원팀");
    expect(await page.getByLabel("Your question").inputValue()).toBe("");
    expect(await page.locator(".message").count()).toBe(0);
    await page.goBack();
    await page.getByText("Only here").waitFor();
    expect(await page.getByLabel("Your question").inputValue()).toBe("A draft");
    expect(web.problems).toEqual([]);
  });

  it("speaks Korean, and says how to get written answers when no model is set up", async () => {
    const { page, problems } = await openPage(browser, { bot: { engineName: "local" }, context: { locale: "ko-KR" } });
    expect(await page.locator("#empty").innerText()).toContain("문서에 대해 물어보세요");
    expect(await page.locator("#engine").innerText()).toContain("OPENAI_API_KEY를 추가하면");
    expect(problems).toEqual([]);
  });

  it("speaks Japanese, from the question to its source", async () => {
    const web = await openPage(browser, { context: { locale: "ja-JP" } });
    const { page, docent } = web;
    expect(await page.locator("html").getAttribute("lang")).toBe("ja");
    await page.getByText("ドキュメントについて質問しましょう").waitFor();
    await dropFiles(page, [await makeLoanPolicy()]);
    await page.getByLabel("質問", { exact: true }).fill("パソコンは何日間借りられますか？");
    await page.getByRole("button", { name: "送信" }).click();
    const [turn = ""] = await vi.waitUntil(() => docent.turns.size === 1 && [...docent.turns.keys()]);
    await docent.show(turn, { position: 2 });
    await page.getByText("待機中: 前に 2 件の質問があります").first().waitFor();
    const [pdf] = docent.documentsOf(turn);
    const documentId = pdf?.id ?? "";
    await docent.changeDocument(documentId, { state: "ready", pages: 3, tokens: 1240 });
    const place = { unit: "page", number: 2 } as const;
    const citation = { documentId, document: "loan-policy-2026.pdf", place, quote: "up to 14 days" };
    await docent.answer(turn, { text: "最長で **14 日間**借りられます [1]。", citations: [citation], usage: USAGE });
    await page.getByRole("button", { name: "出典 1: loan-policy-2026.pdf、2 ページ" }).waitFor();
    await page.getByText("入力 4,120 トークン、出力 212 トークン · $0.0031").waitFor();
    await page.getByText("PDF、3 ページ").waitFor();
    await keepScreen(page, "desktop-answer-ja-JP");
    expect(web.problems).toEqual([]);
  });

  it("signs in with the token, stays signed in, and signs out", async () => {
    const { page, problems } = await openPage(browser, { bot: { token: "team-token", loopback: false } });
    await page.getByLabel("Token").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("That token is not right.").waitFor();
    await keepScreen(page, "sign-in");
    await page.getByLabel("Token").fill("team-token");
    await page.getByLabel("Token").press("Enter");
    await page.waitForSelector("body[data-ready]");
    await page.reload();
    await page.waitForSelector("body[data-ready]");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    expect(problems.filter((problem) => !problem.includes("401"))).toEqual([]);
  });
});
