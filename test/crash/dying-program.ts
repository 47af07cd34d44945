/** The program, made to die with SIGKILL at the `CRASH_COUNT`-th time that it reaches the crash point `CRASH_AT`. */
import { onCrashPoint } from "../../src/core/crash-point.ts";

const at = process.env["CRASH_AT"];
let left = Number(process.env["CRASH_COUNT"] ?? 1);

onCrashPoint((point) => {
  if (point !== at) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
});

await import("../../src/main.ts");
