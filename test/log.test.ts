import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { DocentError } from "../src/core/errors.ts";
import { createLog } from "../src/log.ts";
import { createRedact } from "../src/redact.ts";

function capture(format: "pretty" | "json", secrets: readonly string[] = []) {
  let written = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  return { log: createLog({ level: "info", format, redact: createRedact(secrets), stream }), written: () => written };
}

describe("the log", () => {
  it.for(["pretty", "json"] as const)("blacks secrets out wherever they stand (%s)", (format) => {
    const { log, written } = capture(format, ["hunter2-hunter2", "hunter2"]);
    log.error("Sign-in with hunter2-hunter2 failed", {
      error: new DocentError("internal", "asked with hunter2", {
        cause: new Error("Bearer abcdefghijk and sk-proj-abcdefgh"),
      }),
      token: "xoxb-1234567890-abc",
    });
    expect(written()).not.toMatch(/hunter2|abcdefgh|1234567890/);
    expect(written().match(/\[secret\]/g)?.length).toBe(5);
  });

  it("writes one JSON object a line, with causes", () => {
    const { log, written } = capture("json");
    log.debug("not this");
    log.warn("That failed.", {
      turn: "t_1",
      error: new DocentError("internal", "outer", { cause: new Error("inner") }),
    });
    const line = JSON.parse(written()) as Record<string, unknown>;
    expect(line).toMatchObject({ level: "warn", message: "That failed.", turn: "t_1" });
    expect(line["error"]).toMatch(/^\[internal\] outer; because: inner/);
  });
});
