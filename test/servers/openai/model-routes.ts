import { param, type Behaviour, type Handler } from "./context.ts";
import { ApiFault } from "./http.ts";
import type { Json } from "./state.ts";

export const listModels: Handler = ({ behaviour }) => ({
  status: 200,
  json: { object: "list", data: behaviour.models.map((id) => toModelJson(behaviour, id)) },
});

export const retrieveModel: Handler = ({ behaviour }, call) => {
  const id = param(call, 0);
  if (!behaviour.models.includes(id)) {
    throw new ApiFault(404, `The model '${id}' does not exist`, { param: "model", code: "model_not_found" });
  }
  return { status: 200, json: toModelJson(behaviour, id) };
};

function toModelJson({ shutdowns }: Behaviour, id: string): Json {
  const shutdown = shutdowns[id];
  const known = shutdown === undefined ? {} : { shutdown_date: shutdown };
  return { id, object: "model", created: 1_790_000_000, owned_by: "system", ...known };
}
