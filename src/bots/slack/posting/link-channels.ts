/**
 * Core keeps no names of channels, so its replies list keys: Slack shows the link in their place, with the name, to those
 * who may see the channel. Direct messages have none. Only for text whose mentions are neutralised already.
 */
export function linkChannels(markdown: string): string {
  return markdown.replace(/\bslack:\w+:([CG][A-Z0-9]+)\b(?!:\w)/g, "<#$1>");
}
