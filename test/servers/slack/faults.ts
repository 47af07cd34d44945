/** What goes wrong with a call. `after` means that Slack has done what was asked, but the caller does not learn it. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly when: "before" | "after" }
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  | { readonly kind: "silent"; readonly when: "before" | "after" }
  /** A download stands still after its first byte, until then. */
  | { readonly kind: "halt"; readonly until: Promise<void> }
  | { readonly kind: "rate-limit"; readonly retryAfterSeconds: number }
  | { readonly kind: "error"; readonly error: string };

export interface Faults {
  /** The next `times` calls of a method (`*`: of any) go wrong. */
  next(method: string, fault: Fault, times?: number): void;
  /** Every n-th call of a method goes wrong, until `clear`. */
  every(method: string, count: number, fault: Fault): void;
  clear(): void;
  take(method: string): Fault | null;
}

export function createFaults(): Faults {
  let planned: { readonly method: string; readonly fault: Fault }[] = [];
  let periodic: { readonly method: string; readonly count: number; readonly fault: Fault; seen: number }[] = [];
  const fits = (method: string, wanted: string): boolean => wanted === "*" || wanted === method;

  return {
    next(method, fault, times = 1) {
      for (let index = 0; index < times; index += 1) planned.push({ method, fault });
    },
    every: (method, count, fault) => void periodic.push({ method, count, fault, seen: 0 }),
    clear() {
      planned = [];
      periodic = [];
    },
    take(method) {
      for (const each of periodic.filter((one) => fits(method, one.method))) {
        each.seen += 1;
        if (each.seen % each.count === 0) return each.fault;
      }
      const index = planned.findIndex((one) => fits(method, one.method));
      return index === -1 ? null : (planned.splice(index, 1)[0]?.fault ?? null);
    },
  };
}
