import { createExtractiveBrain, type Brain } from "../servers/openai/brain.ts";
import { STORIES } from "./stories.ts";

/** Answers the questions of the stories as they want it, and quotes for all others. */
export function createStoryBrain(): Brain {
  const quote = createExtractiveBrain({ inlineAnnotations: true });
  return (request, context) => {
    const story = STORIES.find(({ question }) => context.question.includes(question));
    const file = context.inlineFiles.find(({ filename }) => filename === story?.policy.name) ?? context.inlineFiles[0];
    if (story === undefined || file === undefined) return quote(request, context);
    const pieces = story.answer.split("†");
    const { fileId, filename } = file;
    let length = 0;
    const annotations = pieces.slice(0, -1).map((piece) => {
      length += [...piece].length;
      return { fileId, filename, index: length };
    });
    return { text: pieces.join(""), annotations };
  };
}
