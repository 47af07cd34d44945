import type { Handler } from "./context.ts";
import {
  createConversation,
  createItems,
  deleteConversation,
  deleteItem,
  listItems,
  retrieveConversation,
  retrieveItem,
  updateConversation,
} from "./conversation-routes.ts";
import type { RouteName } from "./faults.ts";
import { createFile, deleteFile, fileContent, listFiles, retrieveFile } from "./file-routes.ts";
import { listModels, retrieveModel } from "./model-routes.ts";
import {
  cancelRoute,
  countInputTokens,
  createResponse,
  deleteResponse,
  listInputItems,
  retrieveResponse,
  streamResponse,
} from "./response-routes.ts";
import {
  attachFile,
  createVectorStore,
  deleteVectorStore,
  detachFile,
  listStoreFiles,
  listVectorStores,
  retrieveStoreFile,
  retrieveVectorStore,
  searchVectorStore,
} from "./vector-store-routes.ts";

export interface Route {
  readonly name: RouteName;
  readonly handler: Handler;
  readonly params: readonly string[];
}

const ROUTES: readonly (readonly [method: string, path: string, name: RouteName, handler: Handler])[] = [
  ["GET", "/models", "models.list", listModels],
  ["GET", "/models/:id", "models.retrieve", retrieveModel],
  ["POST", "/files", "files.create", createFile],
  ["GET", "/files", "files.list", listFiles],
  ["GET", "/files/:id", "files.retrieve", retrieveFile],
  ["GET", "/files/:id/content", "files.content", fileContent],
  ["DELETE", "/files/:id", "files.delete", deleteFile],
  ["POST", "/vector_stores", "vector_stores.create", createVectorStore],
  ["GET", "/vector_stores", "vector_stores.list", listVectorStores],
  ["GET", "/vector_stores/:id", "vector_stores.retrieve", retrieveVectorStore],
  ["DELETE", "/vector_stores/:id", "vector_stores.delete", deleteVectorStore],
  ["POST", "/vector_stores/:id/search", "vector_stores.search", searchVectorStore],
  ["POST", "/vector_stores/:id/files", "vector_stores.files.create", attachFile],
  ["GET", "/vector_stores/:id/files", "vector_stores.files.list", listStoreFiles],
  ["GET", "/vector_stores/:id/files/:file", "vector_stores.files.retrieve", retrieveStoreFile],
  ["DELETE", "/vector_stores/:id/files/:file", "vector_stores.files.delete", detachFile],
  ["POST", "/conversations", "conversations.create", createConversation],
  ["GET", "/conversations/:id", "conversations.retrieve", retrieveConversation],
  ["POST", "/conversations/:id", "conversations.update", updateConversation],
  ["DELETE", "/conversations/:id", "conversations.delete", deleteConversation],
  ["GET", "/conversations/:id/items", "conversations.items.list", listItems],
  ["POST", "/conversations/:id/items", "conversations.items.create", createItems],
  ["GET", "/conversations/:id/items/:item", "conversations.items.retrieve", retrieveItem],
  ["DELETE", "/conversations/:id/items/:item", "conversations.items.delete", deleteItem],
  ["POST", "/responses/input_tokens", "responses.input_tokens", countInputTokens],
  ["POST", "/responses", "responses.create", createResponse],
  ["GET", "/responses/:id", "responses.retrieve", retrieveResponse],
  ["DELETE", "/responses/:id", "responses.delete", deleteResponse],
  ["POST", "/responses/:id/cancel", "responses.cancel", cancelRoute],
  ["GET", "/responses/:id/input_items", "responses.input_items", listInputItems],
];

/** The route of a request, or undefined for an address the vendor does not have (any more): threads, assistants. */
export function toRoute(method: string, path: string, query: URLSearchParams): Route | undefined {
  const segments = path.split("/");
  for (const [routeMethod, pattern, name, handler] of ROUTES) {
    if (routeMethod !== method) continue;
    const wanted = pattern.split("/");
    if (wanted.length !== segments.length) continue;
    const fits = wanted.every((segment, index) => segment.startsWith(":") || segment === segments[index]);
    if (!fits) continue;
    const params = segments.filter((_, index) => wanted[index]?.startsWith(":")).map(decodeURIComponent);
    if (name === "responses.retrieve" && query.get("stream") === "true") {
      return { name: "responses.stream", handler: streamResponse, params };
    }
    return { name, handler, params };
  }
  return undefined;
}
