import type { Extracted, Piece } from "./extracted.ts";

/** Plain JSON as it goes over the wire. */
export type Json = Record<string, unknown>;

export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: Buffer;
  readonly createdAt: number;
  /** Extracted on first use. */
  text?: Promise<Extracted>;
}

export interface StoreFile {
  readonly fileId: string;
  readonly filename: string;
  readonly createdAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>> | null;
  status: "in_progress" | "completed" | "cancelled" | "failed";
  lastError: { code: string; message: string } | null;
  chunks: readonly Piece[];
}

export interface VectorStore {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly metadata: Json;
  readonly files: Map<string, StoreFile>;
}

export interface Item extends Json {
  id: string;
  type: string;
}

export interface Conversation {
  readonly id: string;
  readonly createdAt: number;
  metadata: Json;
  items: Item[];
  /** The response that holds the lock. */
  lockedBy: string | null;
}

export interface StreamEvent extends Json {
  type: string;
  sequence_number: number;
}

export interface StoredResponse {
  readonly id: string;
  readonly request: Json;
  body: Json;
  readonly inputItems: Item[];
  readonly conversation: Conversation | null;
  readonly streamed: boolean;
  readonly events: StreamEvent[];
  readonly listeners: Set<(event: StreamEvent) => void>;
  /** Answers `end` the run; a stuck one never gets there. */
  ended: boolean;
}

/** Everything that the server holds. Tests look at it to see what is really there, and what is gone. */
export interface State {
  readonly files: Map<string, StoredFile>;
  readonly vectorStores: Map<string, VectorStore>;
  readonly conversations: Map<string, Conversation>;
  /** Items of conversations that were deleted without them: the vendor keeps those. */
  readonly orphanItems: Item[];
  readonly responses: Map<string, StoredResponse>;
  /** Prefixes of prompts that are cached, as hashes. */
  readonly promptCache: Set<string>;
}

export function createState(): State {
  return {
    files: new Map(),
    vectorStores: new Map(),
    conversations: new Map(),
    orphanItems: [],
    responses: new Map(),
    promptCache: new Set(),
  };
}

let counter = 0;

/** An id as the vendor writes them: a prefix and hexadecimal digits, rising within one process. */
export function newId(prefix: string): string {
  counter += 1;
  return `${prefix}${counter.toString(16).padStart(24, "0")}`;
}

export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function contentParts(item: Json): Json[] {
  return Array.isArray(item["content"]) ? item["content"].filter(isJson) : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
