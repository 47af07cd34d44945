import { describe, expect, it } from "vitest";
import type { OpenAIServer, OpenAIServerOptions } from "../servers/openai-server.ts";
import { startVendors } from "../set-up/vendors.ts";
import { complaintsOf, examine, expectOnly, type Expected } from "./examine.ts";

interface Mistake {
  readonly label: string;
  readonly server?: OpenAIServerOptions;
  readonly env?: Readonly<Record<string, string>>;
  readonly plant?: (server: OpenAIServer) => void;
  readonly expected: Expected;
}

const SERVER = /Remove OPENAI_BASE_URL .*background responses, conversations, files and vector stores/;
const ALWAYS = { rate: 1 };

const MISTAKES: readonly Mistake[] = [
  {
    label: "a key that is not valid",
    env: { OPENAI_API_KEY: "sk-proj-wrong-0123456789" },
    expected: {
      subject: "openai.key",
      seen: /refuses the key/,
      remedy: /API keys press Create new secret key .*OPENAI_API_KEY/,
    },
  },
  {
    label: "a model that the key may not use",
    env: { OPENAI_MODEL: "gpt-7-nova" },
    expected: { subject: "openai.model", seen: /gpt-7-nova is not available/, remedy: /OPENAI_MODEL .*gpt-6-luna/ },
  },
  {
    label: "a model that is switched off soon, as the API says",
    server: { shutdowns: { "gpt-6-luna": new Date(Date.now() + 10 * 86_400_000).toISOString() } },
    expected: {
      subject: "openai.model",
      status: "warning",
      seen: /until \d{4}-\d\d-\d\d/,
      remedy: /Set OPENAI_MODEL to a newer/,
    },
  },
  {
    label: "a model whose last day is over, as the documentation says",
    server: { models: ["gpt-4-turbo"] },
    env: { OPENAI_MODEL: "gpt-4-turbo" },
    expected: { subject: "openai.model", seen: /until 2026-10-23/, remedy: /Set OPENAI_MODEL to a newer/ },
  },
  {
    label: "an account without credit",
    plant: ({ faults }) => faults.add("responses.create", { kind: "error", code: "credit_balance_exhausted" }, ALWAYS),
    expected: { subject: "openai.credit", seen: /no credit left/, remedy: /Billing press Add to credit balance/ },
  },
  {
    label: "a spend limit that is reached",
    plant: ({ faults }) =>
      faults.add("responses.create", { kind: "error", code: "project_spend_limit_exceeded" }, ALWAYS),
    expected: { subject: "openai.credit", seen: /over a limit/, remedy: /raise the budget under Limits/ },
  },
  {
    label: "a rate limit that is reached",
    plant: ({ faults }) => faults.add("responses.create", { kind: "error", code: "rate_limit_exceeded" }, ALWAYS),
    expected: { subject: "openai.answer", status: "warning", seen: /no more requests/, remedy: /Settings → Limits/ },
  },
  {
    label: "an address at which nobody listens",
    env: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" },
    expected: {
      subject: "openai.address",
      seen: /cannot be reached at http:\/\/127\.0\.0\.1:9/,
      remedy: /proxy .*OPENAI_BASE_URL/,
    },
  },
  {
    label: "a server without conversations",
    server: { absent: ["/conversations"] },
    expected: { subject: "openai.conversations", seen: /does not have \/conversations/, remedy: SERVER },
  },
  {
    label: "a server without the Responses API",
    server: { absent: ["/responses"] },
    expected: { subject: "openai.answer", seen: /does not have \/responses/, remedy: SERVER },
  },
  {
    label: "a server that answers in the foreground only",
    server: { supportsBackground: false },
    expected: { subject: "openai.background", seen: /not work on answers in the background/, remedy: SERVER },
  },
  {
    label: "a server without files",
    server: { absent: ["/files"] },
    expected: { subject: "openai.files", seen: /does not have \/files/, remedy: SERVER },
  },
  {
    label: "a server without vector stores",
    server: { absent: ["/vector_stores"] },
    expected: { subject: "openai.vector_stores", seen: /does not have \/vector_stores/, remedy: SERVER },
  },
  {
    label: "a run that fails at the provider",
    plant: ({ faults }) => faults.add("responses.create", { kind: "run-failed", code: "server_error" }),
    expected: { subject: "openai.answer", seen: /\/responses failed/, remedy: /status\.openai\.com.*npm run doctor/ },
  },
  {
    label: "a file that cannot be deleted again",
    plant: ({ faults }) => faults.add("files.delete", { kind: "error", code: "invalid_value" }, ALWAYS),
    expected: {
      subject: "openai.leftovers",
      status: "warning",
      seen: /could not be deleted: file-/,
      remedy: /→ Storage/,
    },
  },
];

describe("the doctor at OpenAI", () => {
  it.for(MISTAKES.map((mistake) => [mistake.label, mistake] as const))("names %s", async ([, mistake]) => {
    const { openai, good, addresses } = await startVendors({ openai: mistake.server ?? {} });
    mistake.plant?.(openai);
    const { OPENAI_API_KEY } = good;
    const { OPENAI_BASE_URL } = addresses;
    expectOnly(await examine({ OPENAI_API_KEY, OPENAI_BASE_URL, ...mistake.env }), mistake.expected);
    expect(mistake.expected.subject).toMatch(/^openai\./);
  });

  it("tells what a server can do and what that cost, and leaves nothing behind", async () => {
    const { openai, good, addresses } = await startVendors();
    const { OPENAI_API_KEY } = good;
    const { OPENAI_BASE_URL } = addresses;
    const findings = await examine({ OPENAI_API_KEY, OPENAI_BASE_URL });
    expect(complaintsOf(findings)).toEqual([]);
    const fine = findings.filter(({ subject, status }) => subject.startsWith("openai.") && status === "ok");
    expect(fine.map(({ subject }) => subject)).toEqual([
      "openai.key",
      "openai.model",
      "openai.conversations",
      "openai.answer",
      "openai.background",
      "openai.streams",
      "openai.files",
      "openai.vector_stores",
    ]);
    const [, cost = ""] = /cost \$([\d.]+)\./.exec(fine[3]?.seen ?? "") ?? [];
    expect(Number(cost)).toBeGreaterThan(0);
    expect(Number(cost)).toBeLessThan(0.01);
    const { files, vectorStores, conversations, responses } = openai.state;
    expect([files.size, vectorStores.size, conversations.size, responses.size]).toEqual([0, 0, 0, 0]);
    expect(openai.to("responses.create")).toHaveLength(1);
  });

  it.for([false, "ignored"] as const)("takes a server without streams for a good one: %s", async (supportsStream) => {
    const { good, addresses } = await startVendors({ openai: { supportsStream } });
    const { OPENAI_API_KEY } = good;
    const { OPENAI_BASE_URL } = addresses;
    const findings = await examine({ OPENAI_API_KEY, OPENAI_BASE_URL });
    expect(complaintsOf(findings)).toEqual([]);
    expect(findings.find(({ subject }) => subject === "openai.streams")?.seen).toMatch(/has no streams/);
  });
});
