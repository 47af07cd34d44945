import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // As Node does it without vitest: what a CommonJS package exports as a whole is not taken apart.
    deps: { interopDefault: false },
    // Most tests wait for a process or a clock rather than for the processor.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
