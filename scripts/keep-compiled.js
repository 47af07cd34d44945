// Loaded before the program (`--import`): keeps its sources without types, and compiled, for the next start. Node writes
// them when the process ends. Beside the packages, not in a folder for temporary files: who may write here may change
// the program anyway. Plain JavaScript, or Node would load what takes types away only for this file.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/docent"));
