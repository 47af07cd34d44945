import { describe, expect, it } from "vitest";
import { ask, json, say, toForm } from "./requests.ts";
import { startWebBot } from "./web-bot-under-test.ts";

const headers = { authorization: "Bearer a-long-token-of-the-team" };
const start = (): ReturnType<typeof startWebBot> => startWebBot({ token: "a-long-token-of-the-team" });

describe("a method that an address does not take", () => {
  it.for([
    ["POST", "/", "GET, HEAD"],
    ["DELETE", "/assets/app.js", "GET, HEAD"],
    ["POST", "/vendor/marked.js", "GET, HEAD"],
    ["PUT", "/sign-in", "GET, HEAD, POST"],
    ["GET", "/sign-out", "POST"],
    ["POST", "/api/me", "HEAD, GET"],
    ["PUT", "/api/channels/general/messages", "HEAD, GET, POST"],
    ["GET", "/api/channels/general", "DELETE"],
    ["HEAD", "/api/channels/general", "DELETE"],
    ["POST", "/api/documents/d1", "DELETE"],
    ["GET", "/api/turns/t1/cancel", "POST"],
    ["OPTIONS", "/api/channels/general/messages", "HEAD, GET, POST"],
    ["PATCH", "/api/usage.csv", "HEAD, GET"],
  ] as const)("is told which it takes: %s %s", async ([method, path, allow]) => {
    const { bot } = await start();
    const response = await ask(bot, path, { method, headers });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("is told so in the visitor's language", async () => {
    const { bot } = await start();
    const response = ask(bot, "/api/me", { method: "PUT", headers: { ...headers, "accept-language": "ko" } });
    expect(await json(response)).toEqual({
      error: { code: "method_not_allowed", message: "이 주소에서는 PUT 요청을 받지 않습니다." },
    });
  });

  it("tells a stranger nothing of the API", async () => {
    const { bot } = await start();
    expect((await ask(bot, "/api/me", { method: "POST" })).status).toBe(401);
  });

  it("is another thing than an address that does not exist", async () => {
    const { bot } = await start();
    expect((await ask(bot, "/api/none", { method: "POST", headers })).status).toBe(404);
  });
});

describe("HEAD", () => {
  it.for(["/", "/assets/app.js", "/api/me", "/api/channels", "/api/knowledge"])(
    "has the status of GET: %s",
    async (path) => {
      const { bot } = await start();
      expect((await ask(bot, path, { method: "HEAD", headers })).status).toBe(200);
    },
  );
});

describe("a form", () => {
  it("holds eight fields at most: each is kept in memory", async () => {
    const { bot } = await startWebBot();
    const padding = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`field${index}`, "x"]));
    const late = await say(bot, "general", toForm({ ...padding, text: "Too late to count" }));
    expect(late.status).toBe(400);
    const early = await say(bot, "general", toForm({ text: "In time", ...padding }));
    expect(early.status).toBe(202);
  });
});
