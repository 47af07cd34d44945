import { describeBot } from "../contracts/bot-contract.ts";
import { openDiscord, openSlack, openWeb } from "./chats.ts";

describeBot("Slack", () => openSlack());
describeBot("Slack by HTTP", () => openSlack({ requestUrl: "" }));
describeBot("Discord", () => openDiscord());
describeBot("the web page", () => openWeb());
