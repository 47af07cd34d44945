const SHAPES = {
  Slack: /^(?:xox[a-z]|xapp)-/,
  // A user's id, a time and a signature; other servers' keys may have three parts too, but not of these lengths.
  Discord: /^[\w-]{22,30}\.[\w-]{6,7}\.[\w-]{27,}$/,
} as const;

/** Whose token a value is by its looks; null where they do not tell. A chat's token must never be sent to a model's server. */
export function ownerOfToken(value: string): keyof typeof SHAPES | null {
  if (SHAPES.Slack.test(value)) return "Slack";
  return SHAPES.Discord.test(value) ? "Discord" : null;
}
