import { describe, expect, it } from "vitest";
import { createSystemClock } from "../../src/core/system-clock.ts";
import { explainKey } from "../../src/engines/openai/doctor/explain-refusal.ts";
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

const SERVER = /Remove OPENAI_BASE_URL .*background responses, conversations, files, vector stores and file_search/;
const LONGEST_POLL_MS = 1_000;
const ALWAYS = { rate: 1 };
const NO_FILES =
  "You have insufficient permissions for this operation. Missing scopes: api.files.write. Check your role.";

const MISTAKES: readonly Mistake[] = [
  {
    label: "a key that is not valid",
    env: { OPENAI_API_KEY: "sk-proj-wrong-0123456789" },
    expected: {
      subject: "openai.key",
      seen: /The server at http:\/\/127\.0\.0\.1:\d+\/v1 refuses the key/,
      remedy: /a key that the server at http.* takes into OPENAI_API_KEY/,
    },
  },
  {
    label: "a key that may not read models, and may do the rest",
    plant: ({ faults }) => faults.add("models.retrieve", { kind: "error", code: "missing_scope" }, ALWAYS),
    expected: {
      subject: "openai.key",
      seen: /may not use \/models \(api\.model\.read\)/,
      remedy: /API keys press Edit .*Permissions to All, .*files and vector stores\. Where/,
    },
  },
  {
    label: "a key that may not upload files",
    plant: ({ faults }) =>
      faults.add("files.create", { kind: "error", code: "missing_scope", message: NO_FILES }, ALWAYS),
    expected: {
      subject: "openai.files",
      seen: /may not use \/files \(api\.files\.write\)/,
      remedy: /Permissions to All/,
    },
  },
  {
    label: "a key that may not ask, told as a 401 without a code",
    plant: ({ faults }) => faults.add("responses.create", { kind: "error", code: "insufficient_permissions" }, ALWAYS),
    expected: {
      subject: "openai.answer",
      seen: /may not use \/responses \(model\.request\)/,
      remedy: /Permissions to All/,
    },
  },
  {
    label: "a key that is refused for answers alone",
    plant: ({ faults }) => faults.add("responses.create", { kind: "error", code: "invalid_api_key" }, ALWAYS),
    expected: {
      subject: "openai.answer",
      seen: /may not use \/responses \(401 invalid_api_key/,
      remedy: /OPENAI_API_KEY/,
    },
  },
  {
    label: "a list of addresses that this one is not on",
    plant: ({ faults }) => faults.add("models.retrieve", { kind: "error", code: "ip_not_authorized" }, ALWAYS),
    expected: { subject: "openai.key", seen: /from certain addresses only/, remedy: /IP allowlist add the address/ },
  },
  {
    label: "a country that OpenAI does not serve",
    plant: ({ faults }) =>
      faults.add("models.retrieve", { kind: "error", code: "unsupported_country_region_territory" }, ALWAYS),
    expected: { subject: "openai.address", seen: /does not serve the country/, remedy: /supported-countries .*VPN/ },
  },
  {
    label: "a project that may not use the model",
    plant: ({ faults }) => faults.add("responses.create", { kind: "error", code: "project_without_model" }, ALWAYS),
    expected: {
      subject: "openai.model",
      seen: /project of this key may not use the model gpt-6-luna/,
      remedy: /Project → Limits, under Model usage, or set OPENAI_MODEL .*gpt-6\.1-terra/,
    },
  },
  {
    label: "a model for embeddings",
    plant: ({ faults }) => faults.add("responses.create", { kind: "error", code: "unsupported_model" }, ALWAYS),
    expected: {
      subject: "openai.model",
      seen: /gpt-6-luna cannot answer questions/,
      remedy: /Set OPENAI_MODEL to a model that answers/,
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
    label: "a server without file_search",
    server: { supportsFileSearch: false },
    expected: { subject: "openai.file_search", seen: /refuses file_search/, remedy: SERVER },
  },
  {
    label: "a server without file_search, which does not say what it refuses",
    server: { supportsFileSearch: "unnamed" },
    expected: { subject: "openai.file_search", seen: /refuses file_search/, remedy: SERVER },
  },
  {
    label: "a vector store that cannot read the file",
    plant: ({ faults }) => faults.add("vector_stores.files.create", { kind: "index-failed", code: "server_error" }),
    expected: {
      subject: "openai.vector_stores",
      seen: /could not be made searchable: server_error/,
      remedy: /the log of the server that OPENAI_BASE_URL names/,
    },
  },
  {
    label: "a vector store that never gets done",
    plant: ({ faults }) => faults.add("vector_stores.files.create", { kind: "index-stuck" }),
    expected: {
      subject: "openai.vector_stores",
      status: "warning",
      seen: /not searchable within a minute/,
      remedy: /status\.openai\.com/,
    },
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
    // Polls follow each other at once; what waits for an answer has its time.
    const system = createSystemClock();
    const sleep: typeof system.sleep = (ms, signal) => system.sleep(ms > LONGEST_POLL_MS ? ms : 1, signal);
    const clock = { ...system, sleep };
    expectOnly(await examine({ OPENAI_API_KEY, OPENAI_BASE_URL, ...mistake.env }, { clock }), mistake.expected);
    expect(mistake.expected.subject).toMatch(/^openai\./);
    expect(leftAt(openai)).toEqual(mistake.expected.subject === "openai.leftovers" ? [1, 0, 0, 0] : [0, 0, 0, 0]);
  });

  it("says once that there is no credit, and used to say so of every request", async () => {
    const { openai, good, addresses } = await startVendors();
    for (const route of ["conversations.create", "responses.create", "files.create", "vector_stores.create"] as const) {
      openai.faults.add(route, { kind: "error", code: "credit_balance_exhausted" }, ALWAYS);
    }
    const { OPENAI_API_KEY } = good;
    const { OPENAI_BASE_URL } = addresses;
    expectOnly(await examine({ OPENAI_API_KEY, OPENAI_BASE_URL }), {
      subject: "openai.credit",
      seen: /no credit left/,
      remedy: /Add to credit balance/,
    });
  });

  it.for([
    ["https://api.openai.com/v1", "doctor.openai.key_refused"],
    ["https://eu.api.openai.com/v1", "doctor.openai.key_refused"],
    ["https://openai.com.example/v1", "doctor.openai.own_key_refused"],
    ["http://llm.local:8000/v1", "doctor.openai.own_key_refused"],
  ] as const)("tells who refuses a key at %s", ([address, key]) => {
    expect(explainKey(address).seen.key).toBe(key);
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
      "openai.files",
      "openai.conversations",
      "openai.answer",
      "openai.background",
      "openai.streams",
      "openai.file_search",
      "openai.vector_stores",
    ]);
    const [, cost = ""] = /cost \$([\d.]+)\./.exec(fine[4]?.seen ?? "") ?? [];
    expect(Number(cost)).toBeGreaterThan(0);
    expect(Number(cost)).toBeLessThan(0.01);
    expect(leftAt(openai)).toEqual([0, 0, 0, 0]);
    // A search would cost more than the answer.
    const tools = [{ type: "file_search" }];
    expect(openai.to("responses.create").map(({ body }) => body)).toMatchObject([{ tools, tool_choice: "none" }]);
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

function leftAt({ state }: OpenAIServer): readonly number[] {
  return [state.files, state.vectorStores, state.conversations, state.responses].map(({ size }) => size);
}
