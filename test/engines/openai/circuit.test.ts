import { describe, expect, test } from "vitest";
import { createCircuit, isRefusal, type Circuit, type Pass } from "../../../src/engines/openai/circuit.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";

function setUp(random = 0) {
  const clock = createManualClock();
  const opened: string[] = [];
  const closed: number[] = [];
  const circuit = createCircuit<string>({
    clock,
    threshold: 5,
    random: () => random,
    onOpen: (reason) => opened.push(reason),
    onClose: (ms) => closed.push(ms),
  });
  return { clock, circuit, opened, closed };
}

function pass(circuit: Circuit<string>): Pass<string> {
  const entered = circuit.enter();
  if (isRefusal(entered)) throw new Error(`Refused: ${entered.reason}`);
  return entered;
}

function open(circuit: Circuit<string>): void {
  for (let count = 0; count < 5; count += 1) pass(circuit).failed("down");
}

describe("a closed circuit", () => {
  test("lets everyone through, and opens after five failures in a row", () => {
    const { circuit, opened } = setUp();
    for (let count = 0; count < 4; count += 1) pass(circuit).failed("down");
    expect(circuit.isOpen()).toBe(false);
    pass(circuit).failed("overloaded");
    expect(circuit.isOpen()).toBe(true);
    expect(opened).toEqual(["overloaded"]);
    expect(circuit.enter()).toEqual({ reason: "overloaded", retryAfterMs: 10_000 });
  });

  test("begins to count anew with every success", () => {
    const { circuit } = setUp();
    for (let count = 0; count < 50; count += 1) {
      pass(circuit).failed("down");
      if (count % 4 === 3) pass(circuit).succeeded();
    }
    expect(circuit.isOpen()).toBe(false);
  });

  test("opens after two failures that weigh as much as five", () => {
    const { circuit } = setUp();
    pass(circuit).failed("silent", 2.5);
    expect(circuit.isOpen()).toBe(false);
    pass(circuit).failed("silent", 2.5);
    expect(circuit.isOpen()).toBe(true);
  });

  test("does not count what was given up", () => {
    const { circuit } = setUp();
    for (let count = 0; count < 50; count += 1) pass(circuit);
    expect(circuit.isOpen()).toBe(false);
  });
});

describe("an open circuit", () => {
  test("lets exactly one through after ten seconds, and the next ten seconds later if that one stays silent", () => {
    const { clock, circuit } = setUp();
    open(circuit);
    clock.advance(9_999);
    expect(isRefusal(circuit.enter())).toBe(true);
    clock.advance(1);
    expect(circuit.refusal()).toBeUndefined();
    expect(pass(circuit).isProbe).toBe(true);
    expect(isRefusal(circuit.enter())).toBe(true);
    clock.advance(9_999);
    expect(isRefusal(circuit.enter())).toBe(true);
    clock.advance(1);
    expect(pass(circuit).isProbe).toBe(true);
  });

  test("waits longer after each probe that fails, at most thirty seconds", () => {
    const { clock, circuit } = setUp();
    open(circuit);
    const pauses: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      const refusal = circuit.refusal();
      pauses.push(refusal?.retryAfterMs ?? 0);
      clock.advance(refusal?.retryAfterMs ?? 0);
      pass(circuit).failed("down");
    }
    expect(pauses).toEqual([10_000, 15_000, 22_500, 24_000, 24_000]);
  });

  test("adds its jitter upwards, within thirty seconds", () => {
    const { clock, circuit } = setUp(1);
    open(circuit);
    expect(circuit.refusal()?.retryAfterMs).toBe(12_500);
    for (let count = 0; count < 5; count += 1) {
      clock.advance(30_000);
      pass(circuit).failed("down");
    }
    expect(circuit.refusal()?.retryAfterMs).toBe(30_000);
  });

  test("closes at once with any success, and says how long it was open", () => {
    const { clock, circuit, closed } = setUp();
    const slow = pass(circuit);
    open(circuit);
    clock.advance(3_000);
    slow.succeeded();
    expect(circuit.isOpen()).toBe(false);
    expect(closed).toEqual([3_000]);
    expect(pass(circuit).isProbe).toBe(false);
  });

  test("does not listen to failures of requests from before, neither open nor closed again", () => {
    const { clock, circuit } = setUp();
    const old = Array.from({ length: 10 }, () => pass(circuit));
    open(circuit);
    for (const each of old.slice(0, 5)) each.failed("down");
    clock.advance(10_000);
    pass(circuit).succeeded();
    for (const each of old.slice(5)) each.failed("down");
    expect(circuit.isOpen()).toBe(false);
  });

  test("spends at most one request in any ten seconds over an hour, however many want to ask", () => {
    const { clock, circuit } = setUp(0.3);
    open(circuit);
    const sent: number[] = [];
    for (let second = 0; second < 3_600; second += 1) {
      clock.advance(1_000);
      for (let count = 0; count < 20; count += 1) {
        const entered = circuit.enter();
        if (isRefusal(entered)) continue;
        sent.push(clock.steady());
        if (second % 3 > 0) entered.failed("down");
      }
    }
    const gaps = sent.slice(1).map((at, index) => at - (sent[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    expect(sent.length).toBeGreaterThan(100);
  });
});
