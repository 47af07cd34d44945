import type { SearchWords } from "./language.ts";

/**
 * English: the language that defines which texts there are. In them `{name}` is a place, a number in it is written as the
 * language does; `{size:megabyte}` writes it with that unit (`AmountUnit`); `{count|file|files}` chooses a word by number,
 * one for each plural form of the language, in the order zero, one, two, few, many, other.
 */
export const texts = {
  // Documents. {name} is the file's name.
  "error.file_empty": "“{name}” is empty (0 bytes). Please check the file and post it again.",
  "error.file_broken":
    "I can’t open “{name}”: the file is damaged or incomplete. Please export it again and post it once more.",
  "error.file_encrypted": "“{name}” is protected with a password. Please remove the password and post it again.",
  "error.file_scanned":
    "“{name}” has no text: it looks like a scan. Please run text recognition (OCR) on it and post it again.",
  "error.file_too_large": "“{name}” is larger than {maxMb:megabyte}. Please split it or post a smaller version.",
  "error.file_too_many_tokens":
    "“{name}” is too long: about {tokens} tokens, the limit is {maxTokens}. Please post only the part you need.",
  "error.file_too_many_pages":
    "“{name}” has {pages} pages, the limit is {maxPages}. Please split it and post the part you need.",
  "error.file_unsupported":
    "I can’t read “{name}”: {type} is not a type I support. Please post it as PDF, Office file, text, CSV, web page, image, ZIP or tar.",
  "error.file_download_failed": "I couldn’t fetch “{name}” from the chat. Please post it again.",
  "error.file_forbidden":
    "I am not allowed to fetch “{name}”: Docent lacks the permission {permission} in this workspace. Please ask whoever runs Docent to add it, and post the file again after that.",
  "error.file_gone": "“{name}” is no longer there. Please post it again.",
  "error.file_removed": "“{name}” was deleted before I had read it, so I went on without it.",
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
    "“{name}” is a scan: its {pages} {pages|page has|pages have} no text, so the model has to look at pictures of them. That takes about {tokens} tokens ({cost:usd}) for this answer, and again for each answer while this conversation holds it. To go ahead, ask the same question once more.",
  // {reason} is one or two whole sentences.
  "error.budget_used_up": "{reason} If it cannot wait, please ask whoever runs Docent for a larger budget.",
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
  "error.engine_incomplete":
    "The server that Docent asks for answers lacks something that Docent needs. Please ask whoever runs Docent to run “npm run doctor”.",
  "error.content_filtered": "The model provider’s content filter stopped this answer. Please rephrase the question.",
  "error.run_deadline":
    "I stopped after {seconds:second} without an answer. Please ask again, perhaps for less at once.",
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
  "answer.problems_only":
    "I could not use what you posted, so I have not answered from other documents. To ask about those, please ask without a file.",
  "answer.cut_length": "_The answer was cut because it became too long. Ask me to go on._",
  "answer.cut_filter": "_The model provider’s content filter cut this answer._",
  "answer.empty": "The model gave an empty answer. Please ask again, in other words.",
  "answer.source_deleted":
    "“{name}” was deleted while I was answering. The answer may quote it, so I do not post it. Please ask again.",
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
  // Two sentences, one after the other.
  "budget.with_renewal": "{sentence} {renewal}",
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
    "There is no team knowledge yet. Choose “Add to team knowledge” in the menu of a message with a file.",
  "command.knowledge.title": "The team’s knowledge, {count} {count|document|documents} that every channel can ask:",
  "command.knowledge.add": "Post the file, then choose “Add to team knowledge” in the menu of that message.",
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
    "today: {questions} {questions|question|questions}, {inputTokens} {inputTokens|token|tokens} in, {outputTokens} {outputTokens|token|tokens} out, {cost}",
  "command.usage.month":
    "in 30 days: {questions} {questions|question|questions}, {inputTokens} {inputTokens|token|tokens} in, {outputTokens} {outputTokens|token|tokens} out, {cost}",
  "command.usage.group": "{name}: {questions} {questions|question|questions}, {cost}",
  "command.usage.more": "and more, which the web page lists",
  "command.usage.storage":
    "documents at OpenAI: {documents}, about {cost} a day (all documents together: the first {free:gigabyte} is free)",
  "command.usage.budgets": "Budgets",
  "command.usage.budget": "{budget}: {left} of {limit} left",
  "command.usage.renew": "Budgets renew on {time}.",
  "command.usage.by_channel": "By channel, in 30 days",
  "command.usage.by_user": "By person, in 30 days",
  // The local engine.
  "local.passages": "No model is set up, so here is what the documents say:",
  "local.for_part": "On “{part}”:",
  "local.nothing_relevant": "I found nothing about that in the documents here.",
  "local.looked_in": "I looked in {names}.",
  "local.looked_in_more": "{more} more",
  "local.unseen": "Without a model I can’t see pictures and scans, so I left out {names}.",
  "local.by_words": "Without a model I search word by word: it helps to ask with words that stand in the documents.",
  "local.other_script":
    "No model is set up, so I search word by word: please ask in the language that the documents are written in.",
  "local.no_documents":
    "I know no documents here yet. Drop a PDF or a text file into this channel and ask again. What was posted before I was invited I cannot see: please post it again.",
  "local.part_nothing": "Nothing relevant found.",
  "local.no_summary": "A summary takes a model, and I can only quote. The documents here begin like this:",
  // The web page's server.
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
  "place.in_document": "{name}, {place}",
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
  // Set-up, on the page and in a terminal. `**…**` is what to click.
  "setup.openai.about": "Written answers. Without a key, answers are quotes that this machine finds.",
  "setup.openai.key": "Open **API keys** at OpenAI, press **Create new secret key** and copy the key.",
  "setup.openai.good": "The key works.",
  "setup.openai.model_good": "{model} is available.",
  "setup.openai.refused": "OpenAI refuses this key. Please copy it again, or create a new one.",
  "setup.openai.not_its_own":
    "This is a token of {service}, so it was not sent to OpenAI. Please copy the key from **API keys** at OpenAI.",
  "setup.openai.no_model": "The model {model} is not available to this key. Available are: {models}.",
  "setup.openai.no_credit":
    "OpenAI says that the account is out of credit or over its limit. Add credit or raise the limit there; until then answers are quotes.",
  "setup.openai.failed": "OpenAI did not confirm the key ({reason}). Please try again in a minute.",
  "setup.slack.about": "Answers in channels, threads and direct messages. No public address is needed.",
  "setup.slack.create":
    "**Create the Slack app from Docent’s manifest**: choose your workspace, then press **Next** and **Create**.",
  "setup.slack.create_by_hand":
    "At **api.slack.com/apps** press **Create New App → From a manifest**, choose your workspace and paste what slack-manifest.json holds.",
  "setup.slack.install":
    "Press **Install App → Install to Workspace**, then copy the **Bot User OAuth Token** from **OAuth & Permissions**.",
  "setup.slack.app_token":
    "Under **Basic Information → App-Level Tokens** generate a token with the scope **connections:write** and copy it.",
  "setup.slack.invite": "Finally, invite it to a channel: **/invite @docent**",
  "setup.slack.good": "It works, in the workspace {workspace} as @{bot}.",
  "setup.slack.app_good": "Socket Mode works.",
  "setup.slack.refused": "Slack refuses this token. Please copy it again from **OAuth & Permissions**.",
  "setup.slack.inactive":
    "The app was removed from the workspace, or its token was revoked. Install it again under **OAuth & Permissions** and copy the new token.",
  "setup.slack.scopes":
    "The app lacks {scopes}. Add that under **OAuth & Permissions → Scopes**, press **Reinstall to Workspace**, then check again.",
  "setup.slack.optional_scopes":
    "It works, in the workspace {workspace} as @{bot}, but the app lacks {scopes}. To have everything, add that under **OAuth & Permissions → Scopes** and press **Reinstall to Workspace**.",
  "setup.slack.bot_prefix":
    "The bot’s token begins with xoxb-. Please copy the **Bot User OAuth Token** from **OAuth & Permissions**.",
  "setup.slack.app_prefix":
    "The app-level token begins with xapp-. Please copy it from **Basic Information → App-Level Tokens**.",
  "setup.slack.swapped":
    "The two tokens are swapped: the app-level token (xapp-) is where the bot’s token (xoxb-) belongs. Please enter each in the other’s place.",
  "setup.slack.bot_is_app":
    "This is the app-level token. The bot’s token begins with xoxb-: please copy the **Bot User OAuth Token** from **OAuth & Permissions**.",
  "setup.slack.app_is_bot":
    "This is the bot’s token. The app-level token begins with xapp-: please copy it from **Basic Information → App-Level Tokens**.",
  "setup.slack.rotates":
    "This token is of an app with token rotation and lasts twelve hours; Docent does not renew it. Rotation cannot be switched off again: please create a new app from the manifest.",
  "setup.slack.app_refused":
    "Slack refuses this token. Please copy it again from **Basic Information → App-Level Tokens**.",
  "setup.slack.app_scope":
    "The token lacks the scope **connections:write**. Generate a new one under **Basic Information → App-Level Tokens**.",
  "setup.slack.socket_off":
    "Socket Mode is switched off. Switch on **Enable Socket Mode** under **Socket Mode**, then check again.",
  "setup.slack.other_app":
    "This token is of the app {app}, the bot’s token of {bot}: nothing that people write would arrive. Copy both from the same app.",
  "setup.slack.no_socket":
    "Slack takes this token, but no WebSocket to *.slack.com could be opened from here. Check the firewall and the proxy of this machine.",
  "setup.slack.failed": "Slack did not confirm the token ({reason}). Please try again in a minute.",
  "setup.slack.next": "Next: write **/invite @docent** in a channel, then mention it there.",
  "setup.slack.next_after_restart":
    "Next: restart Docent, write **/invite @docent** in a channel, then mention it there.",
  "setup.discord.about": "Answers in servers, threads and direct messages.",
  "setup.discord.create":
    "Open the **Developer Portal**, press **New Application**, then **Bot → Reset Token**, and copy the token.",
  "setup.discord.intent":
    "On the same page switch on **Message Content Intent**. Without it Docent sees only messages that mention it.",
  "setup.discord.add": "When the token is checked, open the link that appears and choose your server.",
  "setup.discord.good": "It works, as {bot}.",
  "setup.discord.no_content":
    "It works, as {bot}, but sees only messages that mention it. To change that, switch on **Message Content Intent** in the Developer Portal under **Bot**.",
  "setup.discord.invite": "Add {bot} to a server",
  "setup.discord.refused":
    "Discord refuses this token. Get a new one in the Developer Portal with **Bot → Reset Token**.",
  "setup.discord.shape":
    "A bot’s token has three parts with dots between them. It comes from **Bot → Reset Token**; the application’s id, public key and secret are something else.",
  "setup.discord.failed": "Discord did not confirm the token ({reason}). Please try again in a minute.",
  "setup.discord.next": "Next: add it to a server by the link above, then mention it there.",
  "setup.discord.next_after_restart":
    "Next: restart Docent, add it to a server by the link above, then mention it there.",
  "setup.unreachable": "{service} cannot be reached. Please check the network of this machine and try again.",
  "setup.field.OPENAI_API_KEY": "API key",
  "setup.field.OPENAI_MODEL": "Model",
  "setup.field.SLACK_BOT_TOKEN": "Bot User OAuth Token (xoxb-…)",
  "setup.field.SLACK_APP_TOKEN": "App-level token (xapp-…)",
  "setup.field.DISCORD_TOKEN": "Bot’s token",
  "setup.odd": "It holds a space or a character that no token has. Please copy it again.",
  "setup.incomplete": "Still missing: {fields}.",
  "setup.nothing": "There is nothing new to save.",
  "setup.shadowed":
    "{names} comes from the environment that Docent was started in, which counts more than .env. Please change it there.",
  "setup.settings": "Docent would not start with that: {reason}",
  "setup.not_written":
    ".env could not be written ({reason}). Make it a file that Docent’s user may write, or put the values into it yourself.",
  "setup.saved": "Saved in .env.",
  "setup.not_saved": "Nothing was saved.",
  "setup.only_here":
    "Set-up works only in a browser on the machine that Docent runs on, and without WEB_TOKEN. In a terminal there, npm run setup does the same.",
  "setup.body": "the body is not JSON with “service” and “values”",
  "setup.terminal.begin":
    "Each key and token is checked with its vendor and written to .env. What you enter is not shown. Enter alone leaves a part out.",
  "setup.terminal.connected": "checked; Enter alone keeps it",
  "setup.terminal.missing": "not set up",
  "setup.terminal.broken": "set up, but does not work",
  "setup.terminal.checking": "Checking …",
  "setup.terminal.keep": "Enter keeps it",
  "setup.terminal.end": "Ready. Start Docent, or start it again: npm start",
  "setup.terminal.unchanged": "Nothing was changed.",
  "doctor.not_understood":
    "Something answered in a way that the doctor does not understand ({reason}), and the rest of this part was not looked at.",
  "doctor.not_understood_remedy":
    "Check the address of this part, if one is set, and the proxy of this machine. Where both are right, please report it.",
  "doctor.late": "A connection failed after the doctor was done with it ({reason}).",
  "doctor.unreachable": "{service} cannot be reached at {address}.",
  "doctor.unreachable_remedy": "Check the network, firewall and proxy of this machine, and {variable} if it is set.",
  "doctor.connection.untrusted":
    "The certificate that {service} shows at {address} is not one that Docent trusts ({code}). Mostly a proxy that reads along put it there.",
  "doctor.connection.untrusted_remedy":
    "Set NODE_EXTRA_CA_CERTS=FILE where Docent is started, not in .env: a file with the root certificate of your company or server, as PEM. Where this machine trusts it already, NODE_USE_SYSTEM_CA=1 does.",
  "doctor.connection.out_of_date": "The certificate of {service} at {address} is not valid today ({code}).",
  "doctor.connection.out_of_date_remedy":
    "Look at this machine’s clock: on Linux timedatectl. Where that is right, the server has to renew its certificate.",
  "doctor.connection.other_name": "The certificate that {service} shows at {address} is for another name.",
  "doctor.connection.other_name_remedy":
    "Write the name that the certificate is for into {variable}. Where none is set, a proxy or sign-in page of this network answers.",
  "doctor.connection.no_tls": "What answers for {service} at {address} does not speak TLS there.",
  "doctor.connection.no_tls_remedy":
    "Write http:// for https:// in {variable}, or the port on which the server speaks TLS. Where none is set, look at the proxy of this machine.",
  "doctor.connection.no_name": "{service} cannot be reached at {address}: that name is not known ({code}).",
  "doctor.connection.no_name_remedy":
    "Check the name in {variable}, if it is set, and whether this machine can look up names: nslookup.",
  "doctor.connection.circle":
    "{service} cannot be reached at {address}: it is sent on without end, as sign-in pages do.",
  "doctor.settings_first": "Not looked at before its settings are mended.",
  "doctor.setup_remedy": "To set it up: npm run setup -- {service}",
  "doctor.no_problems": "No problem was found. {warnings} {warnings|warning|warnings}, {skipped} not looked at.",
  "doctor.problems":
    "{problems} {problems|problem|problems}, {warnings} {warnings|warning|warnings}, {skipped} not looked at. Each line with → says what to do.",
  "doctor.node.ok": "Node {version}.",
  "doctor.node.old": "Node {version} is too old: Docent needs {least} or later.",
  "doctor.node.remedy":
    "Install Node {least} or later from nodejs.org, or run npm ci in this folder: it brings the right one.",
  "doctor.release":
    "This is Docent {version}. Whether there is a newer one cannot be looked up: it is in no registry yet.",
  "doctor.clock_ok": "The clock agrees with that of {server}.",
  "doctor.clock_ahead": "This machine’s clock is {seconds:second} ahead of that of {server}.",
  "doctor.clock_behind": "This machine’s clock is {seconds:second} behind that of {server}.",
  "doctor.clock_remedy":
    "Set this machine’s clock by a time server: on Linux “timedatectl set-ntp true”, elsewhere “set time automatically”.",
  "doctor.clock_nobody": "No server told the time, so the clock was not compared.",
  "doctor.config.ok": "The settings are valid; {count} {count|is|are} set.",
  "doctor.config.problem": "Docent would not start: {problem}",
  "doctor.config.file_remedy": "Change {names} in .env, then start Docent again.",
  "doctor.config.environment_remedy":
    "Change {names} in the environment that Docent is started in, or in .env, then start it again.",
  "doctor.config.add_remedy": "Do that: add {missing} to .env, or take {names} out; then start Docent again.",
  "doctor.config.unreadable": ".env cannot be read.",
  "doctor.config.unreadable_remedy":
    "Make .env a text file that this user may read: chmod 600 .env, with this user as its owner.",
  "doctor.config.wide": ".env is encoded as UTF-16, so that none of it can be read.",
  "doctor.config.wide_remedy":
    "Save .env as UTF-8, in PowerShell: (Get-Content .env) | Set-Content -Encoding utf8 .env. Then run npm run doctor again.",
  "doctor.config.open": "Other users of this machine can read .env, which holds the keys.",
  "doctor.config.open_remedy": "Run: chmod 600 .env",
  "doctor.config.unknown": ".env sets {name}, which Docent does not read.",
  "doctor.config.unknown_remedy": "Remove {name}, or look up its right name in .env.example.",
  "doctor.config.mistyped_remedy": "Rename {name} to {meant} in .env.",
  "doctor.config.idle": "{name} is set, but nothing uses it as long as {missing} is not.",
  "doctor.store.writable": "{folder} can be written to.",
  "doctor.store.to_be_made": "{folder} is not there yet; Docent makes it when it starts.",
  "doctor.store.not_writable": "{folder} cannot be written to ({reason}).",
  "doctor.store.writable_remedy":
    "Make {folder} a folder that Docent’s user may write to (chown, chmod u+rwx), or name another in {variable}.",
  "doctor.store.space": "{free:gigabyte} are free on the disk of {folder}.",
  "doctor.store.space_remedy":
    "Free some space on the disk of {folder}, or name a folder on a larger one in {variable}.",
  "doctor.store.full": "{folder} cannot be written to: its disk is full.",
  "doctor.store.no_inodes":
    "{folder} cannot be written to: its disk takes no more files, though {free:gigabyte} are free.",
  "doctor.store.inodes_remedy":
    "Delete files that nobody needs on that disk until “df -i {folder}” shows free inodes, or name a folder on another disk in {variable}.",
  "doctor.store.quota": "{folder} cannot be written to: the quota of Docent’s user is used up.",
  "doctor.store.quota_remedy":
    "Raise the quota of Docent’s user on the disk of {folder} (setquota), or name a folder on another disk in {variable}.",
  "doctor.store.read_only": "{folder} is on a disk that is mounted read-only.",
  "doctor.store.read_only_remedy":
    "Mount that disk for writing (mount -o remount,rw), in a container give {folder} a volume, or name a folder on another disk in {variable}.",
  "doctor.store.no_folder": "{folder} is not there; where it is to be a shared disk, that is not mounted.",
  "doctor.store.no_folder_remedy": "Mount the disk at {folder}, or make the folder: mkdir -p {folder}",
  "doctor.store.held": "Docent runs on this folder (process {pid}).",
  "doctor.store.free": "No Docent runs on this folder.",
  "doctor.store.no_database": "There is no data yet; Docent makes its database when it starts.",
  "doctor.store.database_ok": "The database is one that this version reads.",
  "doctor.store.older": "The database is of an older version; Docent brings it up to date when it starts.",
  "doctor.store.newer": "The data in {place} was written by a newer version of Docent.",
  "doctor.store.newer_remedy":
    "Update Docent to the version that wrote it, or set DATA_DIR or DATABASE_URL to another place.",
  "doctor.store.damaged": "{file} is no database of SQLite, or damaged.",
  "doctor.store.damaged_remedy":
    "Stop Docent and put a backup of {file} in its place; without one, move the file away and Docent begins anew.",
  "doctor.store.file_refused": "This user may not read and write {file}.",
  "doctor.store.file_remedy": "Give it to the user that Docent runs as: chown USER {file}",
  "doctor.postgres.ok": "Postgres {version} answers at {server}, database {database}.",
  "doctor.postgres.password": "Postgres at {server} refuses the user or the password.",
  "doctor.postgres.password_remedy":
    "Put the right user and password into DATABASE_URL, with special characters percent-encoded, and allow that user in pg_hba.conf.",
  "doctor.postgres.no_database": "Postgres at {server} has no database {database}.",
  "doctor.postgres.database_remedy": "Make it with createdb {database}, or name another in DATABASE_URL.",
  "doctor.postgres.away_remedy":
    "Start Postgres at {server} and let this machine in through its firewall, or change the host and port of DATABASE_URL.",
  "doctor.postgres.failed": "Postgres at {server}, database {database}, refused a statement ({reason}).",
  "doctor.postgres.old": "Postgres {version} gets no more security updates.",
  "doctor.postgres.old_remedy": "Update Postgres to {version} or later.",
  "doctor.postgres.encoding": "The database {database} is encoded in {encoding}, which cannot hold every text.",
  "doctor.postgres.encoding_remedy":
    "Make a database in UTF-8 and name it in DATABASE_URL: createdb --encoding=UTF8 --template=template0 docent",
  "doctor.postgres.read_only": "This Postgres takes no changes: it is a standby, or set to read only.",
  "doctor.postgres.read_only_remedy":
    "Name the primary server in DATABASE_URL, or switch default_transaction_read_only off.",
  "doctor.postgres.rights": "The user of DATABASE_URL may not make a schema in {database}.",
  "doctor.postgres.rights_remedy":
    "As the owner of the database run: GRANT CREATE ON DATABASE name TO user; the schema docent must belong to that user.",
  "doctor.postgres.full": "Postgres at {server} takes no more connections.",
  "doctor.postgres.few": "Postgres has {free} connections left; a replica needs {needed}.",
  "doctor.postgres.full_remedy":
    "Raise max_connections in postgresql.conf and restart Postgres, or run fewer replicas.",
  "doctor.bucket.ok": "A file could be written to the bucket {bucket}, read, listed and deleted.",
  "doctor.bucket.failed": "The bucket {bucket} cannot be used: the server answers {code}.",
  "doctor.bucket.no_bucket_remedy": "Make the bucket, or put the name of one that is there into BLOB_URL.",
  "doctor.bucket.key_remedy": "Copy the access key’s id again into S3_ACCESS_KEY_ID, or make a new key.",
  "doctor.bucket.secret_remedy":
    "Copy the secret of that access key again into S3_SECRET_ACCESS_KEY, or make a new key.",
  "doctor.bucket.token_remedy":
    "Renew S3_SESSION_TOKEN, or use a key that does not expire and remove S3_SESSION_TOKEN.",
  "doctor.bucket.region_remedy": "Set S3_REGION to the region that the bucket’s page shows.",
  "doctor.bucket.rights_remedy":
    "Allow the key s3:ListBucket on the bucket and s3:GetObject, s3:PutObject and s3:DeleteObject in it.",
  "doctor.bucket.server_remedy":
    "Look up that code in the manual of the server that BLOB_URL names, and check its log and its free space.",
  "doctor.bucket.left": "The object {key} could not be deleted again.",
  "doctor.web.any_port": "PORT=0 takes any free port.",
  "doctor.web.free": "Port {port} is free: Docent does not run there.",
  "doctor.web.running": "Docent runs at {url}.",
  "doctor.web.other": "The Docent at {url} does not run on {folder}: it has other data and other settings.",
  "doctor.web.other_remedy":
    "Run the doctor where that Docent was started, end it, or set PORT to another number, such as 3001.",
  "doctor.web.taken": "Port {port} is used by another program.",
  "doctor.web.taken_remedy": "Set PORT to another number, such as 3001, or end the other program.",
  "doctor.web.not_here": "HOST={host} is no address of this machine, so that Docent cannot listen there.",
  "doctor.web.host_remedy": "Set HOST=127.0.0.1 for this machine alone, or HOST=0.0.0.0 with WEB_TOKEN for others.",
  "doctor.web.forbidden": "This user may not listen at port {port}: Docent would not start.",
  "doctor.web.forbidden_remedy":
    "Set PORT to 1024 or more, behind a reverse proxy, or give Docent the right: AmbientCapabilities=CAP_NET_BIND_SERVICE in its systemd unit.",
  "doctor.web.failed": "Docent could not listen at {host}, port {port} ({reason}).",
  "doctor.web.unready": "The Docent that runs says of {part}: {reason}",
  "doctor.web.unready_remedy":
    "See the lines below that begin with {part}. Where all of them are ok, restart Docent: it still runs with older settings.",
  "doctor.openai.none": "No key is set: answers are quotes from the documents, found on this machine.",
  "doctor.openai.key_ok": "The key is taken at {address}.",
  "doctor.openai.key_refused": "OpenAI refuses the key.",
  "doctor.openai.key_remedy":
    "At platform.openai.com → Settings → API keys press **Create new secret key** and put it into OPENAI_API_KEY.",
  "doctor.openai.own_key_refused": "The server at {address} refuses the key.",
  "doctor.openai.own_key_remedy":
    "Put a key that the server at {address} takes into OPENAI_API_KEY. Where it passes the key on to OpenAI: platform.openai.com → Settings → API keys → **Create new secret key**.",
  "doctor.openai.no_scope": "The key may not use {path} ({reason}).",
  "doctor.openai.scope_remedy":
    "At platform.openai.com → Settings → API keys press **Edit** at the key and set **Permissions** to **All**, or let it read models and write responses, conversations, files and vector stores. Where it is All already, your role in the project is too low: Settings → Project → Members.",
  "doctor.openai.ip": "OpenAI takes this key from certain addresses only, and this machine’s is none of them.",
  "doctor.openai.ip_remedy":
    "At platform.openai.com → Settings → Security → **IP allowlist** add the address with which this machine goes to the internet.",
  "doctor.openai.country": "OpenAI does not serve the country or region that this machine’s requests come from.",
  "doctor.openai.country_remedy":
    "platform.openai.com/docs/supported-countries lists the others. Where this machine is in one of them, its proxy or VPN is not: choose another, or name a server of your own in OPENAI_BASE_URL.",
  "doctor.openai.odd_answer": "The server at {address} does not answer as OpenAI does ({reason}).",
  "doctor.openai.address_remedy":
    "Check OPENAI_BASE_URL: it mostly ends in /v1. Without it, OpenAI itself is asked; see status.openai.com.",
  "doctor.openai.model_ok": "The model {model} is available; no day is known on which it is switched off.",
  "doctor.openai.model_until": "The model {model} is available until {day}; then OpenAI switches it off.",
  "doctor.openai.until_remedy": "Set OPENAI_MODEL to a newer model, such as gpt-6-luna, before that day.",
  "doctor.openai.no_model": "The model {model} is not available to this key.",
  "doctor.openai.model_remedy": "Set OPENAI_MODEL to one of these: {models}",
  "doctor.openai.model_closed": "The project of this key may not use the model {model}.",
  "doctor.openai.closed_remedy":
    "Allow it at platform.openai.com → Settings → Project → **Limits**, under **Model usage**, or set OPENAI_MODEL to one of these: {models}",
  "doctor.openai.model_unfit": "The model {model} cannot answer questions.",
  "doctor.openai.unfit_remedy": "Set OPENAI_MODEL to a model that answers questions, such as gpt-6-luna.",
  "doctor.openai.no_credit": "The account has no credit left, or is over a limit that somebody set.",
  "doctor.openai.credit_remedy":
    "At platform.openai.com → Settings → Billing press **Add to credit balance**, or raise the budget under **Limits**.",
  "doctor.openai.abilities_later": "What the server can do was not tried, as the line above comes first.",
  "doctor.openai.conversations_ok": "Conversations can be made.",
  "doctor.openai.answer_ok": "{model} answers; what that cost is not known, but it was 16 tokens of answer at most.",
  "doctor.openai.answer_cost": "{model} answers; this question cost {cost:usd}.",
  "doctor.openai.no_answer": "The model did not answer within a minute.",
  "doctor.openai.background_ok": "Answers are worked on in the background, so that a restart loses none.",
  "doctor.openai.no_background": "The server does not work on answers in the background, which Docent needs.",
  "doctor.openai.streams_ok": "Answers are streamed.",
  "doctor.openai.no_streams":
    "The server has no streams: Docent asks again and again whether the answer is there, which works as well.",
  "doctor.openai.files_ok": "Files can be uploaded.",
  "doctor.openai.stores_ok": "Files can be made searchable in vector stores.",
  "doctor.openai.index_failed": "A file in a vector store could not be made searchable: {reason}.",
  "doctor.openai.index_slow": "A file of a few bytes was not searchable within a minute.",
  "doctor.openai.search_ok": "The model can be given files to search in.",
  "doctor.openai.no_search": "The server refuses file_search, with which Docent looks into long documents.",
  "doctor.openai.no_path": "The server does not have {path}, which Docent needs.",
  "doctor.openai.path_failed": "A request to {path} failed: {reason}.",
  "doctor.openai.server_remedy":
    "Remove OPENAI_BASE_URL to ask OpenAI itself, or name a server that has background responses, conversations, files, vector stores and file_search.",
  "doctor.openai.status_remedy":
    "Look at status.openai.com, or at the log of the server that OPENAI_BASE_URL names, then run npm run doctor again.",
  "doctor.openai.busy": "OpenAI takes no more requests just now.",
  "doctor.openai.busy_remedy":
    "Run npm run doctor again in a minute; where it stays so, raise the limits at platform.openai.com → Settings → Limits.",
  "doctor.openai.left": "What was made for the check could not be deleted: {ids}",
  "doctor.openai.left_remedy":
    "Delete it at platform.openai.com → Storage, or leave it: it holds a few bytes and costs nothing.",
  "doctor.slack.none": "Slack is not set up.",
  "doctor.slack.token_ok": "The bot’s token works, in the workspace {workspace} as @{bot}.",
  "doctor.slack.token_refused": "Slack refuses the bot’s token.",
  "doctor.slack.token_remedy":
    "At api.slack.com/apps → your app → **OAuth & Permissions** copy the **Bot User OAuth Token** (xoxb-…) into SLACK_BOT_TOKEN.",
  "doctor.slack.token_expired":
    "The bot’s token has expired, as those of apps with token rotation do after twelve hours.",
  "doctor.slack.rotation_remedy":
    "Docent does not renew tokens, and rotation cannot be switched off again: create a new app from slack-manifest.json and put its tokens into SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
  "doctor.slack.removed": "The app was removed from the workspace, or its token revoked.",
  "doctor.slack.install_remedy":
    "At api.slack.com/apps → your app → **Install App** press **Install to Workspace**, then copy the new token into SLACK_BOT_TOKEN.",
  "doctor.slack.failed": "Slack did not do what it was asked: {reason}.",
  "doctor.slack.status_remedy":
    "Look up that word at docs.slack.dev/reference/methods and see slack-status.com, then run npm run doctor again.",
  "doctor.slack.busy": "Slack takes no more calls of {method} for a while.",
  "doctor.slack.busy_remedy":
    "Wait a minute, then run npm run doctor again. Where it stays so, look for another program that uses the same token.",
  "doctor.slack.unanswered": "Slack gave no answer to {method}.",
  "doctor.slack.unanswered_remedy":
    "Look at slack-status.com and the proxy of this machine, then run npm run doctor again.",
  "doctor.slack.scopes_unknown": "Slack did not say which scopes the app has.",
  "doctor.slack.scopes_ok": "All {count} scopes are there.",
  "doctor.slack.scopes_rest": "The other {count} {count|scope is|scopes are} there.",
  "doctor.slack.scope_missing": "The app lacks the scope {scope}.",
  "doctor.slack.scope_remedy":
    "At api.slack.com/apps → your app → **OAuth & Permissions → Scopes → Add an OAuth Scope** add {scope}, then press **Reinstall to Workspace**.",
  "doctor.slack.socket_ok": "Socket Mode is connected.",
  "doctor.slack.socket_others":
    "Socket Mode works; {others} other {others|connection is|connections are} open, as a Docent runs. Events go there, and were left to it.",
  "doctor.slack.socket_failed": "Socket Mode could not be connected ({reason}).",
  "doctor.slack.socket_network":
    "Let this machine open WebSockets (wss) to *.slack.com through the firewall and the proxy.",
  "doctor.slack.socket_unanswered": "Slack gave no answer to {method} at {address}, with which Socket Mode begins.",
  "doctor.slack.socket_refused": "Slack refuses to open Socket Mode ({reason}).",
  "doctor.slack.socket_refused_remedy":
    "At api.slack.com/apps → your app → **Socket Mode** see whether **Enable Socket Mode** is on; what Slack answers where it is off is not known to us. Else look up that word at docs.slack.dev/reference/methods/apps.connections.open.",
  "doctor.slack.socket_off": "Socket Mode is switched off, so that nothing arrives.",
  "doctor.slack.socket_remedy": "At api.slack.com/apps → your app → **Socket Mode** switch on **Enable Socket Mode**.",
  "doctor.slack.too_many": "The app has ten Socket Mode connections, which is all that Slack allows.",
  "doctor.slack.too_many_remedy":
    "Stop programs that use the same SLACK_APP_TOKEN, run fewer replicas, or use HTTP with SLACK_SIGNING_SECRET.",
  "doctor.slack.app_token_refused": "Slack refuses the app-level token.",
  "doctor.slack.app_token_remedy":
    "At api.slack.com/apps → your app → **Basic Information → App-Level Tokens** copy the token (xapp-…) into SLACK_APP_TOKEN.",
  "doctor.slack.app_token_scope": "The app-level token lacks the scope connections:write.",
  "doctor.slack.app_token_scope_remedy":
    "Under **Basic Information → App-Level Tokens → Generate Token and Scopes** make one with connections:write and put it into SLACK_APP_TOKEN.",
  "doctor.slack.other_app":
    "The two tokens are of different apps: SLACK_BOT_TOKEN of {bot}, SLACK_APP_TOKEN of {app}. Nothing that people write arrives.",
  "doctor.slack.other_app_remedy":
    "Open api.slack.com/apps/{bot}/general → **App-Level Tokens** and copy that app’s token into SLACK_APP_TOKEN.",
  "doctor.slack.not_running": "HTTP mode can only be tried with Docent running.",
  "doctor.slack.not_running_remedy": "Start Docent with npm start, then run npm run doctor in another terminal.",
  "doctor.slack.signing_ok": "Docent takes what is signed with SLACK_SIGNING_SECRET at {address}.",
  "doctor.slack.signing_refused":
    "The Docent that runs refuses what is signed with SLACK_SIGNING_SECRET at {address}: it was started with another one.",
  "doctor.slack.signing_remedy":
    "Copy the **Signing Secret** from api.slack.com/apps → your app → **Basic Information** into SLACK_SIGNING_SECRET, then restart Docent.",
  "doctor.slack.signing_failed":
    "The program at {address} does not answer as Docent by HTTP mode does (status {status}).",
  "doctor.slack.signing_again": "Restart Docent: it was started before SLACK_SIGNING_SECRET was set.",
  "doctor.slack.events_off": "Whether events arrive was not tried, as nothing was to be posted.",
  "doctor.slack.events_elsewhere":
    "Whether events arrive cannot be seen here: they go to a Docent that this machine does not reach.",
  "doctor.slack.events_by_hand":
    "To see it yourself: write “@docent hello” in a channel with the bot, and “hello” to it directly; both get an answer.",
  "doctor.slack.events_others": "That app_mention, message.im and message.mpim arrive only people can prove.",
  "doctor.slack.event_ok": "A message in #{channel} came back as {event} and was deleted.",
  "doctor.slack.event_heard":
    "The Docent that runs took something from Slack right after a message in #{channel}, most likely that message ({event}).",
  "doctor.slack.event_missing": "A message in #{channel} did not come back: the app is not subscribed to {event}.",
  "doctor.slack.event_remedy":
    "At api.slack.com/apps → your app → **Event Subscriptions → Subscribe to bot events** add {event}, press **Save Changes**, then reinstall the app.",
  "doctor.slack.event_lost": "The Docent that runs heard nothing of a message in #{channel}.",
  "doctor.slack.event_lost_remedy":
    "At api.slack.com/apps → your app → **Event Subscriptions** add {event}; by HTTP the Request URL there must say **Verified** and the **Signing Secret** be that of SLACK_SIGNING_SECRET.",
  "doctor.slack.event_unknown":
    "Whether a message in #{channel} arrived is not known: the Docent that runs does not show its figures.",
  "doctor.slack.event_skipped": "{event} was not tried: the bot is in no channel of that kind.",
  "doctor.slack.event_scope": "{event} was not tried: it needs the scope {scope}, which is missing.",
  "doctor.slack.events_scope":
    "Whether events arrive was not tried: posting needs the scope {scope}, which is missing.",
  "doctor.slack.no_channel": "The bot is in no channel, so nobody can ask it there.",
  "doctor.slack.invite_remedy": "In each channel where people are to ask write: /invite @docent",
  "doctor.slack.post_failed": "Nothing could be posted in #{channel} ({reason}).",
  "doctor.slack.post_remedy":
    "Let the bot post there: **Channel details → Settings → Posting permissions**, or invite it again with /invite @docent.",
  "doctor.slack.post_lost": "Slack gave no answer to a message for #{channel}, which may be there all the same.",
  "doctor.slack.post_lost_remedy":
    "Look at slack-status.com, then run npm run doctor again; where the message is there, delete it by hand.",
  "doctor.slack.left": "A message of this check is still in #{channel}.",
  "doctor.slack.left_remedy": "Delete it there by hand: **More actions → Delete message**.",
  "doctor.slack.agent_ok": "The app may show that it works, with a stop button of Slack’s.",
  "doctor.slack.agent_no_stop": "Slack’s own stop button does nothing: agent_session_stopped is not subscribed to.",
  "doctor.slack.no_agent": "The app is no agent, so that progress is shown by a reaction only.",
  "doctor.slack.agent_remedy":
    "At api.slack.com/apps → your app → **Agents & AI Apps** switch the feature on, or paste slack-manifest.json under **App Manifest**; then reinstall the app.",
  "doctor.discord.none": "Discord is not set up.",
  "doctor.discord.token_ok": "The bot’s token works, as {bot}.",
  "doctor.discord.token_refused": "Discord refuses the bot’s token.",
  "doctor.discord.token_remedy":
    "At discord.com/developers/applications → your application → **Bot** press **Reset Token** and put the new one into DISCORD_TOKEN.",
  "doctor.discord.failed": "Discord did not do what it was asked ({reason}).",
  "doctor.discord.status_remedy": "Look at discordstatus.com, then run npm run doctor again.",
  "doctor.discord.odd_answer": "The server at {address} does not answer as Discord does ({reason}).",
  "doctor.discord.address_remedy":
    "Check DISCORD_API_URL: it mostly ends in /api, without a version. Without it, Discord itself is asked; then check the proxy of this machine.",
  "doctor.discord.busy": "Discord takes no more requests from this machine for {minutes} {minutes|minute|minutes}.",
  "doctor.discord.busy_remedy":
    "Wait that long, then run npm run doctor again. Stop what asks Discord again and again, such as a Docent that restarts with a wrong token (systemctl status docent, docker logs).",
  "doctor.discord.content_ok": "The bot sees what people write: the Message Content Intent is on.",
  "doctor.discord.no_content":
    "The Message Content Intent is off: the bot sees only messages that mention it or are direct, and no files of others.",
  "doctor.discord.content_remedy":
    "At discord.com/developers/applications → your application → **Bot** switch on **Message Content Intent**, then restart Docent.",
  "doctor.discord.endpoint":
    "The application has an Interactions Endpoint URL: commands and buttons go there, and not to Docent.",
  "doctor.discord.endpoint_remedy":
    "At discord.com/developers/applications → your application → **General Information** empty **Interactions Endpoint URL** and save.",
  "doctor.discord.code_grant": "The bot requires a code grant, so that its invite link fails.",
  "doctor.discord.code_grant_remedy":
    "At discord.com/developers/applications → your application → **Bot** switch off **Requires OAuth2 Code Grant**.",
  "doctor.discord.gateway_ok": "The gateway is connected.",
  "doctor.discord.no_gateway": "The gateway could not be connected.",
  "doctor.discord.gateway_remedy":
    "Let this machine open WebSockets (wss) to gateway.discord.gg through the firewall (they pass by a proxy); see discordstatus.com.",
  "doctor.discord.few_sessions": "The bot may start {remaining} more sessions today, so the gateway was not tried.",
  "doctor.discord.sessions_remedy":
    "Stop what restarts Docent again and again (systemctl status docent, docker logs) and read its last log lines; the count begins anew in {hours} {hours|hour|hours}.",
  "doctor.discord.wrong_shards": "Discord refuses the shards of DISCORD_SHARDS.",
  "doctor.discord.shards_remedy":
    "Set DISCORD_SHARDS=auto, or raise its total to {shards} or more: one shard serves at most 2,500 servers.",
  "doctor.discord.commands_ok": "/docent and the commands of a message’s menu are registered.",
  "doctor.discord.no_commands": "Not registered yet: {names}",
  "doctor.discord.commands_remedy":
    "Start Docent: it registers them. Where people do not see them then, open {link} and choose the server again.",
  "doctor.discord.no_server": "The bot is in no server.",
  "doctor.discord.invite_remedy": "Open {link} and choose a server.",
  "doctor.discord.server_failed": "The server {server} could not be looked at ({reason}).",
  "doctor.discord.server_remedy": "Open {link} and choose {server} again, or take the bot out of it.",
  "doctor.discord.more_servers": "{more} more {more|server was|servers were} not looked at.",
  "doctor.discord.role_lacks": "In the server {server} the bot lacks: {permissions}",
  "doctor.discord.role_remedy":
    "In {server} open **Server Settings → Roles → Docent → Permissions** and allow {permissions}, or open {link} and choose the server again.",
  "doctor.discord.sees": "In the server {server} the bot sees {seen} of {all} channels.",
  "doctor.discord.sees_none": "In the server {server} the bot sees no channel.",
  "doctor.discord.sees_remedy":
    "In {server} open **Edit Channel → Permissions** of a channel, add Docent and allow **View Channel**.",
  "doctor.discord.channel_lacks": "In the server {server} the bot lacks {permission} in: {channels}",
  "doctor.discord.channel_remedy":
    "In each of them open **Edit Channel → Permissions → Docent** and allow {permission}.",
} as const;

/** The words of the web page. It also uses some of the texts above: `SHARED_WITH_PAGE`. */
export const page = {
  "page.title": "{channel} · Docent",
  "page.noscript": "Docent’s page needs JavaScript.",
  "page.skip": "Skip to your question",
  "page.channels": "Channels",
  "page.conversation": "Conversation",
  "page.documents": "Documents",
  "page.menu": "Show channels",
  "page.close": "Close",
  "page.toggle_documents": "Show or hide documents",
  "page.theme_dark": "Use the dark theme",
  "page.theme_light": "Use the light theme",
  "page.sign_out": "Sign out",
  "page.reconnecting": "Reconnecting…",
  "page.engine_local": "Quotes only: no model is set up. Add OPENAI_API_KEY to get written answers.",
  "page.engine": "Answers by {engine}",
  "page.engine_unready": "{engine} does not work at present: answers are quotes.",
  "page.engine_mend": "Look at the set-up",
  "channel.new": "New channel",
  "channel.new_hint": "A channel keeps its own conversation and its own documents.",
  "channel.name": "Name",
  "channel.create": "Create",
  "channel.invalid": "Please use 1 to 80 letters, digits, “-”, “_” or “.”.",
  "channel.forget": "Forget this channel",
  "channel.forget_title": "Forget “{channel}”?",
  "channel.forget_text":
    "This deletes its messages, its documents and what the model remembers of it. It cannot be undone.",
  "channel.forget_confirm": "Forget everything",
  "channel.forgotten": "Forgotten: {messages} {messages|message|messages}, {documents} {documents|document|documents}.",
  "message.empty_title": "Ask your documents",
  "message.empty": "Add a PDF, an Office file or any text, or drop it anywhere on this page, and ask about it.",
  "message.you": "You",
  "message.docent": "Docent",
  "message.noted": "Noted. I’ll read it when you ask.",
  "message.in_reply": "To: {question}",
  "message.new": "New messages",
  "message.answered": "Docent answered: {text}",
  "message.copy": "Copy answer",
  "message.copied": "Copied",
  "message.sources": "Sources",
  "message.citation": "Source {number}: {label}",
  "message.usage": "{input} {input|token|tokens} in, {output} out",
  "message.loading_failed": "The messages could not be loaded: {reason}",
  "outbox.uploading": "Uploading {files} {files|file|files}: {share:percent}",
  "outbox.sending": "Sending…",
  "outbox.waiting": "Waiting for the server. It is sent as soon as it is back.",
  "outbox.retry": "Try again",
  "outbox.discard": "Discard",
  "turn.reading": "Reading",
  "turn.running": "Thinking",
  "turn.stop": "Stop",
  "turn.stopping": "Stopping…",
  "composer.label": "Your question",
  "composer.placeholder": "Ask a question",
  "composer.attach": "Add files",
  "composer.send": "Send",
  "composer.hint": "Enter sends, Shift + Enter starts a new line",
  "composer.remove": "Leave out {name}",
  "composer.too_large": "“{name}” is larger than {max:megabyte}, so it was left out.",
  "composer.too_many": "At most {max} files fit one message; the rest was left out.",
  "composer.folder": "Folders cannot be added. Please choose the files in it.",
  "composer.drop": "Drop files to add them to your message",
  "document.none": "No documents in this channel yet.",
  "document.knowledge": "Team knowledge",
  "document.knowledge_hint": "Every channel can ask about these.",
  "document.noted": "Read when you ask",
  "document.reading": "Reading",
  "document.ready": "Ready",
  "document.failed": "Not usable",
  "document.pages": "{pages} {pages|page|pages}",
  "document.kind_measured": "{kind}, {measure}",
  "document.tokens": "{tokens} {tokens|token|tokens} of text",
  "document.tokens_of_pictures": "read as {tokens} {tokens|token|tokens}",
  "document.cost": "about {cost} a day",
  "document.cost_small": "under {cost:usd} a day",
  "document.added": "added {when}",
  "document.added_by": "by {who}, {when}",
  "document.added_here": "from this page, {when}",
  "document.files": "{files} {files|file|files}",
  "document.files_ready": "{files} {files|file|files}, {ready} ready",
  "document.files_of": "Files in {name}",
  "document.open": "Open {name}",
  "document.delete": "Delete {name}",
  "document.delete_title": "Delete “{name}”?",
  "document.delete_text":
    "It is deleted here and at the model provider. Answers on this page that quote it lose their text; messages in Slack and Discord stay.",
  "document.delete_confirm": "Delete",
  "document.deleted": "“{name}” was deleted.",
  "kind.pdf": "PDF",
  "kind.scan": "Scanned PDF",
  "kind.text": "Text",
  "kind.table": "Table",
  "kind.workbook": "Spreadsheet",
  "kind.office": "Document",
  "kind.slides": "Presentation",
  "kind.image": "Image",
  "kind.archive": "Archive",
  "unit.page": "by page",
  "unit.line": "by line",
  "unit.slide": "by slide",
  "unit.sheet": "by sheet",
  "unit.section": "by section",
  "knowledge.add": "Add documents",
  "knowledge.add_failed": "The documents could not be added: {reason}",
  "knowledge.too_many": "At most {max} files can be added at a time; the rest was left out.",
  "knowledge.drop": "Drop files to add them to team knowledge",
  "knowledge.empty":
    "Add the team’s handbook with the button or drop it here, and everybody can ask about it in every channel.",
  "knowledge.filter": "Find by name",
  "knowledge.found": "{found} of {all}",
  "knowledge.no_match": "No document is named like “{query}”.",
  "knowledge.count": "{all} {all|document|documents}",
  "knowledge.reading": "{reading} being read",
  "knowledge.failed": "{failed} not usable",
  "knowledge.cost_free": "free at OpenAI, as the first {free} is",
  "knowledge.cost": "{cost} at OpenAI, the first {free} free",
  "usage.title": "Usage",
  "usage.about": "All channels and workspaces. A day begins at midnight, {zone}.",
  "usage.period": "Period",
  "usage.days": "{days} {days|day|days}",
  "usage.csv": "CSV",
  "usage.csv_hint": "Download as CSV: by day, channel, person and model",
  "usage.loading": "Adding up…",
  "usage.failed": "The usage could not be loaded: {reason}",
  "usage.again": "Try again",
  "usage.none": "Nothing was asked of a model in these {days} days.",
  "usage.cost": "Cost",
  "usage.questions": "Questions",
  "usage.input": "Tokens in",
  "usage.output": "Tokens out",
  "usage.by_day_cost": "Cost by day",
  "usage.by_day_questions": "Questions by day",
  "usage.day": "{day}: {cost}, {questions} {questions|question|questions}",
  "usage.budgets": "Today’s budgets",
  "usage.budget_all": "All questions",
  "usage.budget_channel": "Channel {name}",
  "usage.budget_user": "{name}",
  "usage.spent": "{spent} of {limit}",
  "usage.left": "{left} left",
  "usage.renews": "Renews {when}.",
  "usage.no_budgets": "No budget is set. BUDGET_USD_PER_DAY sets one.",
  "usage.channels": "Channels",
  "usage.users": "People",
  "usage.models": "Models",
  "usage.from_page": "This page",
  "usage.cut": "The list ends here; the CSV has everything.",
  "usage.storage": "Documents at OpenAI",
  "usage.storage_none": "No documents are kept at OpenAI.",
  "usage.storage_text":
    "{documents} {documents|document|documents}, {size}: {cost} after the first {free}, which is free.",
  "page.engine_local_here": "Quotes only: no model is set up yet.",
  "setup.title": "Set up",
  "setup.about":
    "Each key and token is checked with its vendor and written to .env on this machine. It is never shown again.",
  "setup.offer": "Set up OpenAI, Slack and Discord",
  "setup.loading": "Looking at what is set up…",
  "setup.connected": "Checked",
  "setup.missing": "Not set up",
  "setup.broken": "Does not work",
  "setup.after_restart": "Used after a restart",
  "setup.open": "Set up",
  "setup.replace": "Replace",
  "setup.by_hand": "Or create it by hand, from a manifest:",
  "setup.copy_manifest": "Copy the manifest",
  "setup.kept": "Set. Leave this empty to keep it.",
  "setup.checking": "Checking…",
  "setup.save": "Check and save",
  "setup.saving": "Checking and saving…",
  "setup.restart":
    "Saved in .env. Restart Docent to use it: stop it with Ctrl+C, then run npm start. This page notices by itself.",
  "dialog.cancel": "Cancel",
  "viewer.page": "Page",
  "viewer.of": "of {pages}",
  "viewer.previous": "Previous page",
  "viewer.next": "Next page",
  "viewer.zoom_in": "Zoom in",
  "viewer.zoom_out": "Zoom out",
  "viewer.fit": "Fit to width",
  "viewer.original": "Open original",
  "viewer.loading": "Opening…",
  "viewer.quote": "Quoted passage",
  "viewer.not_found": "The passage could not be marked on this page.",
  "viewer.failed": "This document cannot be shown: {reason}",
  "viewer.damaged": "the file could not be opened",
  "viewer.archive": "an archive has no pages of its own; its files are in the list of documents",
  "viewer.unread": "it is not here, or not read yet",
  "viewer.line": "From line {line}",
  "error.network": "The server cannot be reached.",
} as const;

export const search: SearchWords = {
  stopWords: `
    what which who whom whose when where why how many much does do did done doing is are was were be been being
    am has have had having the a an of in on at to for from by with as and or if then than that this these those
    it its their they them there any some all each list give tell me my i you your we our please answer answers
    mentioned mention mentions according document report named name names page pages slide format formatted
    integer round rounded return following state stated explain can could would should will shall may might must
    not no so such also into onto about between during per via both either neither s t like just ever fy fiscal
    year years million millions billion billions usd
  `
    .trim()
    .split(/\s+/),
  questionWords: [],
  titlePage:
    /\b(?:title|authors?|presenter|presented|publish\w*|cover|plaintiff|defendant|petitioner|respondent|case (?:number|no)|date of (?:the|this) (?:document|report|paper)|telephone|written by|prepared|produced|filing id)\b/iu,
  wholeDocument:
    /\b(?:summar(?:y|ies|i[sz](?:e|es|ed|ing|ation))|tl;?dr|overview|gist|(?:key|main) (?:points|takeaways)|what (?:does|do|is|are|[’']?s) (?:it|this|these|they|the|that)(?: (?:documents?|files?|pdfs?|attachments?))? (?:say|saying|contain|about))\b/iu,
};
