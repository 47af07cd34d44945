import { createHash } from "node:crypto";
import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import type { APIActionRowComponent, APIButtonComponentWithCustomId } from "discord-api-types/v10";
import type { CommandAction } from "../../../core/ports/command.ts";
import type { KeyValue } from "../../../core/ports/stores.ts";
import { text } from "../../../core/texts/text.ts";
import type { Kept } from "../discord-bot-options.ts";

type Row = APIActionRowComponent<APIButtonComponentWithCustomId>;

/** Discord keeps up to 100 characters with a button (interactions/message-components.mdx). */
const MAX_ID_CHARACTERS = 100;
const MAX_LABEL_CHARACTERS = 80;
const PER_ROW = 5;
const MAX_ROWS = 5;

/** What a button of ours does; it travels in its `custom_id`. */
export type Pressed =
  | { readonly does: "stop" | "helpful" | "not-helpful" | "retry"; readonly turnId: string }
  | { readonly does: "command"; readonly command: CommandAction["command"] };

export function stopButton(turnId: string, locale: string | null): readonly Row[] {
  return [row([button(`stop:${turnId}`, text("discord.stop", locale), ButtonStyle.Secondary)])];
}

export function feedbackButtons(turnId: string, locale: string | null): readonly Row[] {
  return [
    row([
      button(`helpful:${turnId}`, text("discord.helpful", locale), ButtonStyle.Secondary, "👍"),
      button(`not-helpful:${turnId}`, text("discord.not_helpful", locale), ButtonStyle.Secondary, "👎"),
    ]),
  ];
}

export function retryButton(turnId: string, locale: string | null): readonly Row[] {
  return [row([button(`retry:${turnId}`, text("discord.retry", locale), ButtonStyle.Primary)])];
}

/** Buttons of a command's reply. An argument that does not fit is kept under its hash. */
export async function actionButtons(actions: readonly CommandAction[], seen: KeyValue<Kept>): Promise<readonly Row[]> {
  const buttons: APIButtonComponentWithCustomId[] = [];
  for (const { label, style, command } of actions.slice(0, PER_ROW * MAX_ROWS)) {
    const head = `run:${command.name}:${command.confirmed ? 1 : 0}:`;
    const plain = `${head}=${command.argument}`;
    const short = `${head}#${createHash("sha256").update(command.argument).digest("base64url").slice(0, 22)}`;
    if (plain.length > MAX_ID_CHARACTERS) await seen.set(short, command.argument);
    const id = plain.length > MAX_ID_CHARACTERS ? short : plain;
    // Two buttons of one message may not have the same id.
    if (buttons.some(({ custom_id: other }) => other === id)) continue;
    buttons.push(button(id, label, style === "danger" ? ButtonStyle.Danger : ButtonStyle.Secondary));
  }
  return Array.from({ length: Math.ceil(buttons.length / PER_ROW) }, (_, index) =>
    row(buttons.slice(index * PER_ROW, (index + 1) * PER_ROW)),
  );
}

/** Null for a button that is not ours, or whose argument is no longer kept. */
export async function readButton(id: string, seen: KeyValue<Kept>): Promise<Pressed | null> {
  const turn = /^(stop|helpful|not-helpful|retry):(.+)$/.exec(id);
  if (turn !== null) return { does: turn[1] as "stop" | "helpful" | "not-helpful" | "retry", turnId: turn[2] ?? "" };
  const run = /^run:(\w+):([01]):([=#])([\s\S]*)$/.exec(id);
  if (run === null) return null;
  const argument = run[3] === "=" ? (run[4] ?? "") : await seen.get(id);
  if (typeof argument !== "string") return null;
  const name = run[1] as CommandAction["command"]["name"];
  return { does: "command", command: { name, argument, confirmed: run[2] === "1" } };
}

function row(components: APIButtonComponentWithCustomId[]): Row {
  return { type: ComponentType.ActionRow, components };
}

function button(
  id: string,
  label: string,
  style: APIButtonComponentWithCustomId["style"],
  emoji?: string,
): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    custom_id: id,
    label: label.slice(0, MAX_LABEL_CHARACTERS),
    style,
    ...(emoji === undefined ? {} : { emoji: { name: emoji } }),
  };
}
