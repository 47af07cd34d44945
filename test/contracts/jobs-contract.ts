import { describe, expect, it } from "vitest";
import type { Job } from "../../src/core/job.ts";
import type { Jobs } from "../../src/core/ports/stores.ts";

const LEASE = { owner: "a", leaseMs: 1_000 };

function jobOf(id: string): Job {
  return {
    id,
    action: { kind: "start-over", conversation: id },
    requestedAt: 1_000,
    report: null,
    outcome: null,
  };
}

/** What every store of jobs must do, whatever it is built on. `open` gives an empty one. */
export function describeJobs(name: string, open: () => Promise<Jobs>): void {
  describe(`${name} as a store of jobs`, () => {
    it("stores a job once, in the order of arrival", async () => {
      const jobs = await open();
      expect(await jobs.add(jobOf("j1"), LEASE)).toEqual({ isNew: true });
      expect(await jobs.add(jobOf("j2"), LEASE)).toEqual({ isNew: true });
      expect(await jobs.add({ ...jobOf("j1"), requestedAt: 2_000 }, LEASE)).toEqual({ isNew: false });
      expect(await jobs.list()).toEqual([jobOf("j1"), jobOf("j2")]);
      expect(await jobs.has("j1")).toBe(true);
      expect(await jobs.has("j3")).toBe(false);
    });

    it("leaves a job with who added it, and gives what was let go to the next, oldest first", async () => {
      const jobs = await open();
      await jobs.add(jobOf("j1"), LEASE);
      await jobs.add(jobOf("j2"), LEASE);
      expect(await jobs.claim({ ...LEASE, owner: "b" })).toBeUndefined();
      await jobs.renew(["j1", "j2"], LEASE);
      await jobs.release(["j2", "j1"], "a");
      expect(await jobs.claim({ ...LEASE, owner: "b" })).toEqual(jobOf("j1"));
      expect(await jobs.claim({ ...LEASE, owner: "b" })).toEqual(jobOf("j2"));
      expect(await jobs.claim({ ...LEASE, owner: "b" })).toBeUndefined();
    });

    it("gives out the one that nobody holds, wherever it stands", async () => {
      const jobs = await open();
      for (const id of ["j1", "j2", "j3", "j4"]) await jobs.add(jobOf(id), LEASE);
      await jobs.release(["j3"], "a");
      await jobs.remove("j1");
      expect(await jobs.claim({ ...LEASE, owner: "b" })).toEqual(jobOf("j3"));
      expect(await jobs.claim({ ...LEASE, owner: "b" })).toBeUndefined();
    });

    it("keeps what is known of a job until it is removed", async () => {
      const jobs = await open();
      await jobs.add(jobOf("j1"), LEASE);
      const done = { ...jobOf("j1"), outcome: { messages: 1, documents: 2, conversations: 3 } };
      await jobs.update(done);
      expect(await jobs.list()).toEqual([done]);
      await jobs.remove("j1");
      expect(await jobs.list()).toEqual([]);
      expect(await jobs.has("j1")).toBe(false);
      expect(await jobs.add(jobOf("j1"), LEASE)).toEqual({ isNew: true });
    });
  });
}
