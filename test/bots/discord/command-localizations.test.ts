import { Locale } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { toCommandDefinitions } from "../../../src/bots/discord/commands/command-definitions.ts";
import { LANGUAGE_TAGS } from "../../../src/core/texts/languages.ts";

interface Described {
  readonly name: string;
  readonly name_localizations?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly description_localizations?: Readonly<Record<string, string>>;
  readonly options?: readonly Described[];
}

/** A command with its subcommands and options. */
function flatten(command: Described): Described[] {
  return [command, ...(command.options ?? []).flatMap((option) => flatten(option))];
}

const [docent, ...ofMessages] = toCommandDefinitions() as readonly Described[];
const described = docent === undefined ? [] : flatten(docent);
const OTHERS = LANGUAGE_TAGS.filter((tag) => tag !== "en").toSorted();

describe("the commands on Discord", () => {
  it("are described in each of our languages, at each command and option", () => {
    expect(described.length).toBeGreaterThan(15);
    for (const { name, description, description_localizations: localized = {} } of described) {
      expect([name, Object.keys(localized).toSorted()]).toEqual([name, OTHERS]);
      for (const text of Object.values(localized)) expect(text, name).not.toBe(description);
    }
  });

  it("keep the names that people type the same in all languages", () => {
    expect(described.filter((each) => "name_localizations" in each)).toEqual([]);
  });

  it("have names of their own in a message's menu, different ones in each language", () => {
    expect(ofMessages).toHaveLength(2);
    for (const tag of OTHERS) {
      const names = ofMessages.map(({ name_localizations: localized }) => localized?.[tag]);
      expect(new Set(names).size, tag).toBe(2);
    }
  });

  it("name only languages that Discord has", () => {
    const known: readonly string[] = Object.values(Locale);
    const named = [...described, ...ofMessages].flatMap((each) =>
      Object.keys({ ...each.description_localizations, ...each.name_localizations }),
    );
    expect(named.filter((locale) => !known.includes(locale))).toEqual([]);
  });
});
