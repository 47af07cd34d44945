import type { Incoming } from "../incoming.ts";
import { toMemoryApart } from "../knowledge-policy.ts";
import type { Inbox } from "../ports/stores.ts";
import type { Clock } from "../ports/system.ts";

/** Which memory is to begin afresh, and who is told when it has: nobody, where there is no `replyTo`. */
export type StartOver = Pick<Incoming, "key" | "bot" | "channel" | "conversation"> &
  Partial<Pick<Incoming, "author" | "replyTo" | "locale">>;

export interface AddStartOverDeps {
  readonly conversations: Inbox["conversations"];
  readonly accept: (incoming: Incoming) => Promise<unknown>;
  readonly clock: Clock;
}

/** Puts the wish into the queue of one memory: what waits there is answered before it. */
export async function addStartOver(
  wish: StartOver,
  { accept, clock }: Omit<AddStartOverDeps, "conversations">,
): Promise<void> {
  const nobody = { author: { id: "", name: null }, replyTo: null, locale: null };
  const nothing = { text: "", context: null, attachments: [], sentAt: clock.now() };
  await accept({ kind: "start-over", ...nobody, ...wish, ...nothing });
}

/** The same for a conversation together with the memory apart, where there is one: each has a queue of its own. */
export async function addStartOverOfAll(wish: StartOver, deps: AddStartOverDeps): Promise<void> {
  const apart = toMemoryApart(wish.conversation);
  if ((await deps.conversations(wish.channel.key)).includes(apart)) {
    // One of the two tells.
    await addStartOver({ ...wish, key: `${wish.key}~apart`, conversation: apart, replyTo: null }, deps);
  }
  await addStartOver(wish, deps);
}
