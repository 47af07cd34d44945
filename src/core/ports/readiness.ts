/** Whether a part works, and if not, why and what to do, in one sentence for the operator. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };
