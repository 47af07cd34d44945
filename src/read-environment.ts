export type Environment = Readonly<Record<string, string | undefined>>;

export type EnvironmentReader<Name extends string> = ReturnType<typeof createEnvironmentReader<Name>>;

/**
 * Reads single variables. What is malformed is described in `problems`, never replaced by a default without a word.
 * An empty value counts as unset. Values of secrets do not appear in problems.
 */
export function createEnvironmentReader<Name extends string>(env: Environment, problems: string[]) {
  const text = (name: Name): string | undefined => {
    const value = env[name]?.trim();
    return value === "" ? undefined : value;
  };
  const parseNumber = (name: Name, limits: { min: number; max?: number; whole?: boolean }): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    const { min, max = Number.MAX_SAFE_INTEGER, whole = false } = limits;
    if (number >= min && number <= max && (!whole || Number.isInteger(number))) return number;
    const range = limits.max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
    problems.push(`${name} must be a ${whole ? "whole number" : "number"} ${range}, without units; it is “${value}”.`);
    return undefined;
  };
  return {
    text,
    secret(name: Name, rule: { minLength?: number; prefix?: string; where?: string }): string | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      // What an editor for letters makes of the quotes that a .env file may have.
      if (/^[“”„‟«»‘’‚]|[“”„‟«»‘’‚]$/.test(value)) {
        problems.push(`${name} stands in quotes that count as part of it. Remove them, or use plain ones (").`);
        return undefined;
      }
      if (rule.prefix !== undefined && !value.startsWith(rule.prefix)) {
        problems.push(`${name} must begin with ${rule.prefix}; copy it again from ${rule.where ?? "its page"}.`);
        return undefined;
      }
      if (/\s/.test(value)) {
        problems.push(`${name} has a space or line break in it; copy it again.`);
        return undefined;
      }
      if (/[^\u0021-\u007E]/.test(value)) {
        problems.push(`${name} holds a character that no token has, such as “…”; put the whole token there.`);
        return undefined;
      }
      if (value.length < (rule.minLength ?? 0)) {
        problems.push(`${name} must have at least ${rule.minLength} characters.`);
        return undefined;
      }
      return value;
    },
    url(name: Name, protocols: readonly string[]): string | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
      problems.push(
        `${name} must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}.`,
      );
      return undefined;
    },
    folder(name: Name): string | undefined {
      const value = text(name);
      if (value === undefined || !/^~(?:[/\\]|$)/.test(value)) return value;
      problems.push(
        `${name} begins with “~”, which only a shell takes for a home. Write the whole path, such as /home/me/docent.`,
      );
      return undefined;
    },
    number: (name: Name, fallback: number, limits: { min: number; max: number; whole?: boolean }): number =>
      parseNumber(name, limits) ?? fallback,
    optionalNumber: (name: Name, limits: { min: number; max?: number }): number | null =>
      parseNumber(name, limits) ?? null,
    /** The first choice is the default. */
    choice<const Choice extends string>(name: Name, choices: readonly [Choice, ...Choice[]]): Choice {
      const value = text(name);
      if (value === undefined) return choices[0];
      const chosen = choices.find((choice) => choice === value);
      if (chosen === undefined) problems.push(`${name} must be one of ${choices.join(", ")}; it is “${value}”.`);
      return chosen ?? choices[0];
    },
    list: (name: Name): readonly string[] =>
      (text(name) ?? "")
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean),
  };
}
