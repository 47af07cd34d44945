import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";
import { PLAIN_JSON } from "../../src/stores/plain-json.ts";

const VALUES: readonly unknown[] = [
  "plain",
  ":wave: hello",
  "::",
  'say ,": and [": and {":',
  { text: ":tada:", list: [":a", "b", [":c"]], ":key": 1, nested: { deep: ":d", none: null } },
  { count: 3, on: true, empty: "", list: [] },
  [":first"],
  7,
  null,
];

describe("values of a Keyv", () => {
  it.for(VALUES)(
    "are read by keyv's own serializer as they were written, and the other way round: %j",
    async (value) => {
      const store = new Map<string, unknown>();
      const ours = new Keyv({ store, ...PLAIN_JSON });
      const theirs = new Keyv({ store });
      await ours.set("ours", { value });
      await theirs.set("theirs", { value });
      expect([await ours.get("ours"), await theirs.get("ours")]).toEqual([{ value }, { value }]);
      expect([await ours.get("theirs"), await theirs.get("theirs")]).toEqual([{ value }, { value }]);
      expect(store.get("test:ours") ?? store.get("keyv:ours") ?? store.get("ours")).toEqual(
        store.get("test:theirs") ?? store.get("keyv:theirs") ?? store.get("theirs"),
      );
    },
  );
});
