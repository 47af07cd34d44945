/**
 * What a `Keyv` is made with instead of its own serializer, which walks through every value by hand. The format is the
 * same, so that one reads what the other wrote: a text that begins with `:` has one more (`@keyv/serialize` 1.1 needs
 * that to tell bytes apart). Only plain JSON is kept here.
 */
export const PLAIN_JSON = { serialize, deserialize };

/** A value that begins with `:`. Within a text a quotation mark is escaped and does not match. */
const COLON_FIRST = /[:[,{]":/;

function serialize(value: unknown): string {
  const json = JSON.stringify(value);
  return COLON_FIRST.test(json) ? JSON.stringify(value, escape) : json;
}

function deserialize(json: unknown): never {
  const text = String(json);
  // Whatever it is: `Keyv` says what it takes it for.
  return JSON.parse(text, COLON_FIRST.test(text) ? unescape : undefined) as never;
}

function escape(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.startsWith(":") ? `:${value}` : value;
}

function unescape(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.startsWith(":") ? value.slice(1) : value;
}
