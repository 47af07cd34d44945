import type { Json, World } from "./world.ts";

export type DeliveryKind = "events_api" | "slash_commands" | "interactive";

export interface Attempt {
  readonly number: number;
  readonly isAcked: boolean;
  /** Milliseconds until the acknowledgement, or until Slack stopped waiting. */
  readonly ms: number;
  readonly reason: string | null;
}

/** Something that Slack tells the app: an event, repeated until it is acknowledged, or a person's command, told once. */
export interface Delivery {
  readonly kind: DeliveryKind;
  readonly payload: Json;
  readonly attempts: readonly Attempt[];
  readonly state: "under-way" | "acked" | "given-up";
  /** What the acknowledgement carried: errors of a modal, an immediate answer to a command. */
  readonly answer: Json | null;
  /** Resolves with it when it is acknowledged or given up. */
  readonly done: Promise<Delivery>;
}

export interface AttemptResult {
  readonly isAcked: boolean;
  readonly answer: Json | null;
  readonly reason: string | null;
  /** `x-slack-no-retry` */
  readonly isFinal?: boolean;
}

export interface Transport {
  attempt(kind: DeliveryKind, payload: Json, retry: { number: number; reason: string } | null): Promise<AttemptResult>;
  stop(): void;
}

export interface Deliveries {
  readonly all: readonly Delivery[];
  deliver(kind: DeliveryKind, payload: Json, via?: Transport): Delivery;
  stop(): void;
}

export function createDeliveries(world: World, transport: Transport): Deliveries {
  const all: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function deliver(kind: DeliveryKind, payload: Json, via = transport): Delivery {
    const attempts: Attempt[] = [];
    const record = { kind, payload, attempts, state: "under-way" as Delivery["state"], answer: null as Json | null };
    const done = tryAll().then((): Delivery => delivery);
    const delivery: Delivery = Object.assign(record, { done });
    all.push(delivery);
    return delivery;

    async function tryAll(): Promise<void> {
      const delays = kind === "events_api" ? [null, ...world.options.retryDelaysMs] : [null];
      let reason = "timeout";
      for (const [number, delay] of delays.entries()) {
        if (delay !== null) await pause(delay);
        if (stopped) return;
        const startedAt = performance.now();
        const result = await via.attempt(kind, payload, number === 0 ? null : { number, reason });
        attempts.push({ number, isAcked: result.isAcked, ms: performance.now() - startedAt, reason: result.reason });
        if (result.isAcked) {
          record.answer = result.answer;
          record.state = "acked";
          world.changed();
          return;
        }
        reason = result.reason ?? "timeout";
        world.changed();
        if (result.isFinal) break;
      }
      record.state = "given-up";
      world.changed();
    }
  }

  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });
  }

  return {
    all,
    deliver,
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
