import { describe, expect, test } from "vitest";
import { createPdf, followEngine, LEASE, startTalk, TEAM, toReadable } from "./talk.ts";

describe("a question with a short document", () => {
  test("is answered from the document, which stands in the prompt", async () => {
    const talk = await startTalk();
    const lease = toReadable("lease.pdf", await createPdf(LEASE));
    const result = await talk.ask({ attached: [lease] });
    expect(result.text).toContain("three months");
    expect(result.consulted).toEqual([lease.document.id]);
    expect(result.sources).toEqual([
      { documentId: lease.document.id, at: result.text.length, page: null, passage: null },
    ]);
    expect(result.cutShort).toBeNull();
    expect(talk.server.state.vectorStores.size).toBe(0);
    const [request] = talk.server.to("responses.create");
    expect(request?.body).toMatchObject({ background: true, stream: true, store: true, max_output_tokens: 16_000 });
    expect(request?.body?.["safety_identifier"]).toMatch(/^[0-9a-f]{64}$/);
    expect(request?.body?.["prompt_cache_key"]).toMatch(/^[0-9a-f]{64}$/);
    expect(request?.body).not.toHaveProperty("tools");
  });
});
