/** English: the language that defines which sentences there are. */
export const en = {
  // Documents. {name} is the file's name.
  "error.file_empty": "“{name}” is empty (0 bytes). Please check the file and post it again.",
  "error.file_broken":
    "I can’t open “{name}”: the file is damaged or incomplete. Please export it again and post it once more.",
  "error.file_encrypted": "“{name}” is protected with a password. Please remove the password and post it again.",
  "error.file_scanned":
    "“{name}” has no text: it looks like a scan. Please run text recognition (OCR) on it and post it again.",
  "error.file_too_large": "“{name}” is larger than {maxMb} MB. Please split it or post a smaller version.",
  "error.file_too_many_tokens":
    "“{name}” is too long: about {tokens} tokens, the limit is {maxTokens}. Please post only the part you need.",
  "error.file_too_many_pages":
    "“{name}” has {pages} pages, the limit is {maxPages}. Please split it and post the part you need.",
  "error.file_unsupported":
    "I can’t read “{name}”: {type} is not a type I support. Please post it as PDF, Office file, text, CSV, web page, image, ZIP or tar.",
  "error.file_download_failed": "I couldn’t fetch “{name}” from the chat. Please post it again.",
  "error.file_gone": "“{name}” is no longer there. Please post it again.",
  "error.file_refused_by_engine":
    "The model provider refused “{name}”. Please save it in another format, such as PDF or text.",
  "error.file_bomb":
    "“{name}” unpacks to far more than a file of its size should hold, so I stopped. If it is what you meant to post, please post the files that you need by themselves.",
  "error.file_too_many_inside":
    "“{name}” holds more than {max} files. Please post the ones you need, or an archive with fewer.",
  "error.file_nested_too_deep":
    "“{name}” lies too deep, in an archive in an archive in an archive. Please unpack it and post what you need.",
  "error.file_nothing_inside": "There is nothing in “{name}” that I can read. Please post the files themselves.",
  "error.file_partly_read":
    "{count} {count|file|files} in “{name}” {count|is|are} of a type I don’t read, so I left {count|it|them} out. The others I have read.",
  "error.image_needs_model":
    "I can’t see pictures without a model, so I left “{name}” out. Add an OpenAI key to use images.",
  "error.too_many_files":
    "That was more than {max} files at once, so I left “{name}” out. Please post it in another message.",
  // Questions.
  "error.question_empty": "There is no question in that message. Please write what you want to know.",
  "error.question_too_long":
    "That message is too long ({length} characters, the limit is {max}). Please shorten it or attach the text as a file.",
  "error.context_too_long":
    "This conversation and its documents are too long for the model. Please start a new conversation, or ask with fewer documents.",
  "error.scan_costs":
    "“{name}” is a scan: its {pages} {pages|page has|pages have} no text, so the model has to look at pictures of them. That takes about {tokens} tokens ({cost}) for this answer, and again for each answer while this conversation holds it. To go ahead, ask the same question once more.",
  // {reason} and {renewal} are whole sentences, the second with a space before it, or nothing.
  "error.budget_used_up": "{reason}{renewal} If it cannot wait, please ask whoever runs Docent for a larger budget.",
  "error.out_of_credit":
    "The OpenAI account has no credit left. Please ask whoever runs Docent to add credit, then ask again.",
  "error.invalid_key": "OpenAI refused the API key. Please ask whoever runs Docent to check OPENAI_API_KEY.",
  "error.model_not_available":
    "The model “{model}” is not available to this OpenAI account. Please ask whoever runs Docent to check OPENAI_MODEL.",
  "error.rate_limited": "The model is getting more questions than the account allows. Please ask again in a minute.",
  "error.engine_unreachable": "I can’t reach the model right now. Please ask again in a few minutes.",
  "error.engine_overloaded": "The model is overloaded right now. Please ask again in a few minutes.",
  "error.engine_refused":
    "The model provider refused this question ({reason}). Please rephrase it, or tell whoever runs Docent.",
  "error.content_filtered": "The model provider’s content filter stopped this answer. Please rephrase the question.",
  "error.run_deadline":
    "I stopped after {seconds} seconds without an answer. Please ask again, perhaps for less at once.",
  "error.run_failed": "The model failed while it was answering. Please ask again.",
  "error.run_expired": "The model provider no longer has this answer. Please ask again.",
  "error.cancelled": "Stopped.",
  "error.uploads_off":
    "I only read files that come with a question. Please post them again together with what you want to know.",
  "error.platform_unreachable": "The chat platform could not be reached. I try again until it works.",
  "error.storage_full": "Docent’s disk is full, so I could not keep that. Please tell whoever runs Docent.",
  // Requests.
  "error.not_found": "That does not exist (any more).",
  "error.unauthorized": "Please sign in first.",
  "error.forbidden": "That is not allowed from here.",
  "error.bad_request": "I don’t understand that request: {reason}.",
  "error.busy": "Docent is too busy to take this. Please try again in a minute.",
  "error.stopping": "Docent is restarting. Please try again in a few seconds.",
  "error.internal": "Something went wrong on my side. Please ask again; if it happens again, tell whoever runs Docent.",
  // What a turn is doing.
  "turn.queued": "Waiting",
  "turn.queued_behind": "Waiting: {position} {position|question|questions} before yours",
  "turn.reading": "Reading {count} {count|document|documents}",
  "turn.reading_pages": "Reading {name}: page {done} of {of}",
  "turn.preparing": "Preparing {name}",
  "turn.thinking": "Thinking",
  "turn.searching": "Searching the documents",
  "turn.writing": "Writing",
  // Answers.
  "answer.problems_only": "I could not read what you posted.",
  "answer.cut_length": "_The answer was cut because it became too long. Ask me to go on._",
  "answer.cut_filter": "_The model provider’s content filter cut this answer._",
  "answer.empty": "The model gave an empty answer. Please ask again, in other words.",
  "answer.fallback": "Meanwhile, these passages from the documents look relevant:",
  // Budgets. {budget} is one of the first three.
  "budget.all": "Today’s budget for all questions",
  "budget.channel": "Today’s budget of this channel",
  "budget.user": "Your budget for today",
  "budget.used_up": "{budget} ({limit}) is used up, so I can’t ask the model.",
  "budget.too_little":
    "{budget} has {left} of {limit} left, which is too little for this question (about {estimate}), so I did not ask the model.",
  "budget.zero": "{budget} is {limit}, so I can’t ask the model.",
  "budget.renews": "It renews on {time}.",
  "budget.now_used_up": "{budget} is used up with this answer: {spent} of {limit}.",
  "budget.nearly": "{budget} is nearly used up: {spent} of {limit}.",
  // Commands in chat.
  "command.help":
    "Mention me with a question, or send me a direct message. I answer from the documents of this channel and the team’s knowledge, with the page.\n\n- Attach a PDF, Office file, text, image or archive to your question, or drop it into the channel first and ask later.\n- `/docent ask` – ask a question\n- `/docent docs` – the documents of this channel, with remove\n- `/docent knowledge` – the team’s knowledge: list, add, remove\n- `/docent new` – start a fresh conversation; documents stay\n- `/docent forget` – delete everything of this channel\n- `/docent usage` – tokens, cost and what the budgets have left\n- `/docent help` – this text",
  "command.docs.none": "There are no documents in this channel yet. Drop a PDF or a text file here and ask.",
  "command.docs.title": "{count} {count|document|documents} in this channel:",
  "command.docs.pages": "{pages} {pages|page|pages}",
  "command.docs.noted": "noted, read when someone asks",
  "command.docs.reading": "being read",
  "command.docs.ready": "ready",
  "command.docs.older": "replaced by a newer one",
  "command.docs.failed": "cannot be used",
  "command.knowledge.none":
    "There is no team knowledge yet. Use the shortcut “Add to team knowledge” on a message with a file.",
  "command.knowledge.title": "The team’s knowledge, {count} {count|document|documents} that every channel can ask:",
  "command.knowledge.add": "Post the file, then use the shortcut “Add to team knowledge” on that message.",
  "command.knowledge.added":
    "I am reading {count} {count|document|documents} for the team’s knowledge. `/docent knowledge` shows how far I am.",
  "command.knowledge.forbidden": "Only admins and knowledge editors may change the team’s knowledge.",
  "command.knowledge.shared":
    "The team’s knowledge is not used for guests, nor in channels shared with other organisations.",
  "command.remove.unknown": "I know no document “{name}” here. `/docent docs` lists them.",
  "command.remove.forbidden": "Only the person who posted “{name}” or an admin may remove it.",
  "command.remove.sure": "Remove “{name}” for good? I will delete it everywhere and no longer answer from it.",
  "command.remove.button": "Remove {name}",
  "command.remove.done": "I removed “{name}”, also at the model provider.",
  "command.new.done": "A fresh conversation: I no longer remember what was said here before. The documents stay.",
  "command.delayed": "I have noted this and keep trying until it is done. What is in the way now: {reason}",
  "command.forget.forbidden": "Only people who manage this channel may make me forget it.",
  "command.forget.sure":
    "Forget everything of this channel? I will delete its documents, conversations and what I stored of questions and answers, also at the model provider. Messages in the chat itself stay.",
  "command.forget.button": "Forget this channel",
  "command.forget.done":
    "Forgotten: {documents} {documents|document|documents}, {conversations} {conversations|conversation|conversations}, {messages} {messages|question|questions}.",
  "command.usage.title": "This channel",
  "command.usage.today":
    "today: {questions} {questions|question|questions}, {inputTokens} tokens in, {outputTokens} tokens out, {cost}",
  "command.usage.month":
    "in 30 days: {questions} {questions|question|questions}, {inputTokens} tokens in, {outputTokens} tokens out, {cost}",
  "command.usage.group": "{name}: {questions} {questions|question|questions}, {cost}",
  "command.usage.more": "and more, which the web page lists",
  "command.usage.storage":
    "documents at OpenAI: {documents}, about {cost} a day (all documents together: the first {free} GB are free)",
  "command.usage.budgets": "Budgets",
  "command.usage.budget": "{budget}: {left} of {limit} left",
  "command.usage.renew": "Budgets renew on {time}.",
  "command.usage.by_channel": "By channel, in 30 days",
  "command.usage.by_user": "By person, in 30 days",
  // The local engine.
  "local.passages": "No model is set up, so here is what the documents say:",
  "local.for_part": "On “{part}”:",
  "local.nothing_relevant": "I found nothing about that in the documents here.",
  "local.no_documents": "There are no documents here yet. Drop a PDF or a text file into this channel and ask again.",
  "local.part_nothing": "Nothing relevant found.",
  // The web page's server. The page's own words are in its strings files.
  "web.sign_in": "Sign in",
  "web.sign_in_hint": "Enter the token that whoever runs Docent gave you.",
  "web.token": "Token",
  "web.wrong_token": "That token is not right. Please check it and try again.",
  "web.too_many_attempts": "Too many attempts. Please wait a minute and try again.",
  "web.too_many_requests": "Too many requests. Please wait a minute and try again.",
  "web.wrong_method": "This address does not take {method} requests.",
  "web.nothing_here": "There is nothing here.",
  "web.quoted_deleted": "_This answer quoted “{name}”, which was deleted._",
  "web.reason_channel": "a channel’s name has 1 to 80 letters, digits, “-”, “_” or “.”",
  "web.reason_id": "“id” has 8 to 64 letters, digits, “-” or “_”",
  "web.reason_body": "the body is neither a whole multipart form nor JSON with “text”",
  "web.reason_days": "“days” is a whole number from 1 to 366",
  "web.reason_no_files": "there is no file in it",
  // Where in a document something stands.
  "place.page": "p. {number}",
  "place.line": "line {number}",
  "place.slide": "slide {number}",
  "place.sheet": "sheet {number}",
  "place.sheet_named": "sheet “{title}”",
  "place.section": "section {number}",
  "place.section_named": "section “{title}”",
  // Slack.
  "slack.summarise": "Please summarise this.",
  "slack.sources": "Sources",
  "slack.helpful": "Helpful",
  "slack.not_helpful": "Not helpful",
  "slack.retry": "Try again",
  "slack.stop": "Stop",
  "slack.working": "I’m working on your question.",
  "slack.stopping": "I’m stopping.",
  "slack.too_late": "That is over already, so there is nothing to do.",
  "slack.feedback_thanks": "Thank you for telling me.",
  "slack.asks": "**{name}** asks:",
  "slack.invite_first":
    "I’m not in this channel, so I can’t answer here. Invite me with “/invite @docent”, then ask again.",
  "slack.modal_title": "Ask Docent",
  "slack.modal_submit": "Ask",
  "slack.modal_close": "Cancel",
  "slack.modal_label": "Your question about this message",
  "slack.modal_hint": "Leave it empty for a summary.",
  "slack.modal_failed": "Slack took too long. Please choose “Ask Docent about this” once more.",
  "slack.knowledge_no_files": "There is no file in that message. Choose a message with files.",
  // Discord. Descriptions of commands have at most 100 characters.
  "discord.stop": "Stop",
  "discord.helpful": "Helpful",
  "discord.not_helpful": "Not helpful",
  "discord.retry": "Try again",
  "discord.thanks": "Thanks, good to know!",
  "discord.sorry": "Thanks for telling me. Asking again with more detail, or with the right document, often helps.",
  "discord.button_gone": "That is over already, or too old for this button.",
  "discord.asked": "**{name}** asks: {question}",
  "discord.asked_about": "**{name}** asks about {link}: {question}",
  "discord.modal_title": "Ask Docent about this message",
  "discord.modal_question": "Your question",
  "discord.no_files": "There is no file in that message.",
  "discord.cannot_read":
    "I can’t read messages that don’t mention me: Discord hides them from me here. Please mention me, or use “Apps → Ask Docent about this” on the message.",
  "discord.help_no_content":
    "**What I can’t see here:** messages that don’t mention me, files posted without a mention, and follow-ups in threads. Use “Apps → Ask Docent about this” on such a message. Whoever runs Docent can change that: Discord Developer Portal → Bot → Message Content Intent, then restart Docent.",
  "discord.command": "Ask questions about your documents",
  "discord.command_ask": "Ask a question about the documents of this channel",
  "discord.command_docs": "List the documents of this channel, or remove one",
  "discord.command_knowledge": "Documents that every channel of this server can use",
  "discord.command_knowledge_list": "List the team’s documents",
  "discord.command_knowledge_add": "Add a document for the whole team",
  "discord.command_knowledge_remove": "Remove a document of the team",
  "discord.command_new": "Start a new conversation; the documents stay",
  "discord.command_forget": "Delete everything Docent has of this channel",
  "discord.command_usage": "Show tokens, cost and budget",
  "discord.command_help": "Show what Docent can do",
  "discord.option_question": "What you want to know",
  "discord.option_file": "A document the question is about",
  "discord.option_knowledge_file": "The document to add",
  "discord.option_remove_document": "Name of the document to remove",
  "discord.message_command_ask": "Ask Docent about this",
  "discord.message_command_knowledge": "Add to team knowledge",
} as const;
