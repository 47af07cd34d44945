/**
 * Whether a part works, and if not, why and what to do, in one sentence for the operator. A part that works with less
 * than it could says what it lacks in `hint`.
 */
export type Readiness =
  | { readonly ready: true; readonly hint?: string }
  | { readonly ready: false; readonly reason: string };
