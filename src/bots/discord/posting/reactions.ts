/** What Docent says about a file without words. */
export const REACTION = { noted: "📄", problem: "⚠️" } as const;
