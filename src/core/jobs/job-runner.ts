import { crashPoint } from "../crash-point.ts";
import { toDocentError, type DocentError } from "../errors.ts";
import type { Job } from "../job.ts";
import type { ForgetReport } from "../ports/docent.ts";
import type { Jobs } from "../ports/stores.ts";
import type { Clock, Log } from "../ports/system.ts";

/** Jobs worked on side by side: deleting is many small requests. */
const AT_ONCE = 4;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
const LEASE_MS = 30_000;
/** How late a job of a process that died can be noticed, after its lease has ended. */
const LOOK_MS = 5_000;
/** How often it is looked whether another process has done a job. */
const ELSEWHERE_MS = 250;
/** A request under way when the process stops may take so long; after that the next process repeats the job. */
const STOP_WITHIN_MS = 3_000;

export interface JobRunner {
  /** Takes up what an earlier process left. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Stores a job, durable on return, and begins it. `done` settles with the first attempt; after one that failed the
   * job is repeated until it is done.
   */
  add(job: Job): Promise<{ readonly done: Promise<ForgetReport> }>;
}

interface Entry {
  job: Job;
  readonly first: PromiseWithResolvers<ForgetReport>;
  failures: number;
}

/** Does jobs in the order in which they were asked for, a few at once, and repeats what failed with growing pauses. */
export function createJobRunner(options: {
  jobs: Jobs;
  /** Names this process among those that share the jobs. */
  owner: string;
  clock: Clock;
  log: Log;
  /** What does not wait for the jobs before it: local and cheap, and safe to repeat. */
  prepare: (job: Job) => Promise<void>;
  /** Safe to repeat from the start. */
  perform: (job: Job, signal: AbortSignal) => Promise<ForgetReport>;
  /** Tells the person how it ended, or after the first failure what is in the way. Never rejects. */
  tell: (job: Job, end: { outcome: ForgetReport } | { failure: DocentError }) => Promise<void>;
}): JobRunner {
  const { jobs, clock, log } = options;
  const lease = { owner: options.owner, leaseMs: LEASE_MS };
  const stopping = new AbortController();
  const known = new Map<string, Entry>();
  const active = new Set<Promise<void>>();
  let queue: Entry[] = [];
  let renewal: NodeJS.Timeout | undefined;

  function enqueue(entry: Entry): void {
    queue.push(entry);
    pump();
  }

  function pump(): void {
    while (active.size < AT_ONCE && queue.length > 0 && !stopping.signal.aborted) {
      const [next] = queue;
      if (next === undefined) return;
      queue = queue.slice(1);
      const work = run(next).finally(() => {
        active.delete(work);
        pump();
        void takeOver();
      });
      active.add(work);
    }
  }

  async function run(entry: Entry): Promise<void> {
    const { job, first } = entry;
    try {
      const outcome = job.outcome ?? (await options.perform(job, stopping.signal));
      crashPoint("job: done, not recorded");
      if (job.report !== null) {
        entry.job = { ...job, outcome };
        await jobs.update(entry.job);
        await options.tell(job, { outcome });
      }
      await jobs.remove(job.id);
      known.delete(job.id);
      first.resolve(outcome);
    } catch (error) {
      if (stopping.signal.aborted) return;
      const failure = toDocentError(error, "Doing a job");
      entry.failures += 1;
      log.warn("A job is not done yet; it is tried again.", {
        job: job.action.kind,
        failures: entry.failures,
        error: failure,
      });
      first.reject(failure);
      if (entry.failures === 1) await options.tell(job, { failure });
      void repeatLater(entry);
    }
  }

  /** The job does it again: what fails here fails nobody. */
  async function prepare(job: Job): Promise<void> {
    if (job.outcome !== null) return;
    await options
      .prepare(job)
      .catch((error: unknown) => log.warn("A job could not be prepared.", { job: job.action.kind, error }));
  }

  async function repeatLater(entry: Entry): Promise<void> {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (entry.failures - 1), LONGEST_PAUSE_MS);
    try {
      await clock.sleep(Math.round(pause * (0.75 + Math.random() * 0.25)), stopping.signal);
      enqueue(entry);
    } catch {
      // Stopping: the next process finds it.
    }
  }

  function toEntry(job: Job): Entry {
    const first = Promise.withResolvers<ForgetReport>();
    // Often nobody waits; the log has the failure.
    first.promise.catch(() => undefined);
    const entry = { job, first, failures: 0 };
    known.set(job.id, entry);
    return entry;
  }

  /** Takes jobs that nobody holds: an earlier process left them, or another one died. */
  async function takeOver(): Promise<void> {
    try {
      while (!stopping.signal.aborted && active.size + queue.length < AT_ONCE) {
        const job = await jobs.claim(lease);
        if (job === undefined) return;
        if (!known.has(job.id)) enqueue(toEntry(job));
      }
    } catch (error) {
      log.error("Could not look for jobs; trying again.", { error: toDocentError(error, "Taking a job") });
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await takeOver();
      await clock.sleep(LOOK_MS, stopping.signal).catch(() => undefined);
    }
  }

  async function renewLeases(): Promise<void> {
    const held = [...known.keys()];
    if (held.length === 0) return;
    await jobs
      .renew(held, lease)
      .catch((error: unknown) => log.error("Jobs could not be held for longer.", { jobs: held.length, error }));
  }

  /** Another process does it: what came of it is not known here. */
  async function waitElsewhere(id: string): Promise<ForgetReport> {
    while (await jobs.has(id)) await clock.sleep(ELSEWHERE_MS, stopping.signal);
    return { messages: 0, documents: 0, conversations: 0 };
  }

  return {
    async start() {
      renewal = setInterval(() => void renewLeases(), LEASE_MS / 3);
      renewal.unref();
      // An earlier process may have stored some and come no further.
      for (const job of await jobs.list()) await prepare(job);
      await takeOver();
      void watch();
    },
    async stop() {
      stopping.abort();
      const nap = new AbortController();
      const timeout = clock.sleep(STOP_WITHIN_MS, nap.signal).catch(() => undefined);
      await Promise.race([Promise.all(active), timeout]);
      nap.abort();
      clearInterval(renewal);
      await jobs
        .release([...known.keys()], options.owner)
        .catch((error: unknown) => log.warn("Jobs could not be given back.", { error }));
    },
    async add(job) {
      const same = known.get(job.id);
      if (same !== undefined) return { done: same.first.promise };
      const entry = toEntry(job);
      let isNew: boolean;
      try {
        ({ isNew } = await jobs.add(job, lease));
      } catch (error) {
        known.delete(job.id);
        throw error;
      }
      crashPoint("job: stored");
      if (isNew) {
        await prepare(job);
        enqueue(entry);
      } else {
        known.delete(job.id);
        waitElsewhere(job.id).then(entry.first.resolve, entry.first.reject);
      }
      return { done: entry.first.promise };
    },
  };
}
