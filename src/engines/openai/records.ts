import type { KeyValue } from "../../core/ports/stores.ts";
import type { Chapter } from "./conversations/notes.ts";
import type { UnsureUpload } from "./documents/upload-file.ts";
import type { Scope } from "../../core/document.ts";
import type { UploadForm } from "./documents/upload-form.ts";

/** What OpenAI calls a conversation of ours. Stored under our conversation's key. */
export interface ConversationRecord {
  readonly conversationId: string;
  /** Documents whose file is inside, by our id. */
  readonly inside: Readonly<Record<string, InsideFile>>;
  /** Documents that were inside an earlier conversation: from now on they are searched. */
  readonly left: readonly string[];
  /** Turns whose run did not end well: their message may still lie in the conversation, without an answer. */
  readonly unfinished: readonly string[];
  /** What the last run read in all, earlier messages included. */
  readonly inputTokens: number;
  /** Conversations that this one replaced and that are not deleted yet. */
  readonly retired: readonly string[];
  /** Turns whose words are inside. This and what follows is absent in records of the time before there were notes. */
  readonly turns?: number;
  /** Estimated tokens inside that are read again with every question and are no words of people or of answers. */
  readonly ballastTokens?: number;
  /** The last turn that ended well. */
  readonly endedTurn?: string;
  /** Set when a turn has ended and a fresh conversation is to take this one's place, unless a question comes first. */
  readonly renewing?: string;
  /** A fresh conversation that is not complete yet. */
  readonly filling?: string;
  /** What went into notes; they are also in the conversation, as its first message. */
  readonly notes?: readonly Chapter[];
  /** Notes that were made while a question came first: what a fresh conversation would begin with. */
  readonly draft?: Draft;
  /** Counts deletions: what was made of the conversation before one is not used after it. */
  readonly purges?: number;
  /** The notes are not in the conversation: the next question brings them. */
  readonly notesDue?: boolean;
  /** By turn whose words alone are inside: the files that they may come from, by their ids at OpenAI. */
  readonly traces?: Readonly<Record<string, readonly string[]>>;
}

/** All notes as they would be, and the turns in the conversation that went into them. */
export interface Draft {
  readonly notes: readonly Chapter[];
  readonly turns: readonly string[];
}

export interface InsideFile {
  readonly fileId: string;
  readonly sizeBytes: number;
  /** Of a document that can be searched instead: what it costs to keep it inside, in estimated tokens. */
  readonly tokens?: number;
}

/** A file of ours at OpenAI. Stored under our document's id. */
export interface DocumentRecord {
  readonly fileId: string;
  readonly sizeBytes: number;
  /** Absent in records of the time when everything went as it was posted. */
  readonly form?: UploadForm;
  /** Of a scan: by our conversation, the question whose asker was told what reading it costs. */
  readonly offered?: Readonly<Record<string, { readonly turnId: string; readonly question: string }>>;
  /** Keys of our conversations that may hold the file. */
  readonly conversations: readonly string[];
}

/** A vector store of one scope. Stored under the scope's key. */
export interface VectorStoreRecord {
  readonly vectorStoreId: string;
  /** By our document id. `adding` is written before OpenAI is asked: whatever is in the store is in here. */
  readonly documents: Readonly<Record<string, { readonly fileId: string; readonly state: "adding" | "ready" }>>;
}

export interface OpenAIStores {
  readonly conversations: KeyValue<ConversationRecord>;
  /** Ids of conversations that nobody uses any more and that are to be deleted. Stored under our conversation's key. */
  readonly forgotten: KeyValue<readonly string[]>;
  readonly documents: KeyValue<DocumentRecord>;
  readonly vectorStores: KeyValue<VectorStoreRecord>;
  /** Uploads that were begun and not recorded yet, by our document id. */
  readonly uploads: KeyValue<UnsureUpload>;
  /** Our document id by OpenAI's file id. */
  readonly fileOwners: KeyValue<string>;
}

export function toScopeKey(scope: Scope): string {
  return `${scope.kind}:${scope.key}`;
}

/** All stores of the engine, each in a namespace of its own. */
export function createOpenAIStores(keyValue: <T>(namespace: string) => KeyValue<T>): OpenAIStores {
  return {
    conversations: keyValue("openai-conversations"),
    forgotten: keyValue("openai-forgotten"),
    documents: keyValue("openai-documents"),
    vectorStores: keyValue("openai-vector-stores"),
    uploads: keyValue("openai-uploads"),
    fileOwners: keyValue("openai-file-owners"),
  };
}
