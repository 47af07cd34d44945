/** The parts of Slack's payloads that are used here, by docs.slack.dev/reference/events and /interactivity. */

export interface SlackFile {
  readonly id: string;
  readonly name?: string | null;
  readonly title?: string;
  readonly mimetype?: string;
  readonly filetype?: string;
  readonly size?: number;
  readonly mode?: string;
  readonly file_access?: string;
  readonly is_external?: boolean;
  readonly external_type?: string;
  readonly url_private?: string;
  readonly url_private_download?: string;
}

export interface SlackMessage {
  readonly type?: string;
  readonly subtype?: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly client_msg_id?: string;
  readonly files?: readonly SlackFile[];
  readonly edited?: object;
  /** Messages that were forwarded with this one stand here as well. */
  readonly attachments?: readonly SharedMessage[];
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

export interface SharedMessage {
  readonly is_share?: boolean;
  readonly is_msg_unfurl?: boolean;
  readonly text?: string;
  readonly files?: readonly SlackFile[];
}

export interface MessageEvent extends SlackMessage {
  readonly channel: string;
  /** `channel`, `group`, `im`, `mpim`; missing from `app_mention`. */
  readonly channel_type?: string;
}

export interface ChangeEvent extends MessageEvent {
  readonly deleted_ts?: string;
  readonly message?: SlackMessage;
  readonly previous_message?: SlackMessage;
}

export interface EventEnvelope {
  readonly type: "event_callback";
  readonly is_ext_shared_channel?: boolean;
  readonly event: SlackEvent;
}

export type SlackEvent = Readonly<Record<string, unknown>> & { readonly type: string };

export interface SlashCommand {
  readonly command: string;
  readonly text?: string;
  readonly channel_id: string;
  readonly user_id: string;
  readonly user_name?: string;
  readonly trigger_id: string;
  readonly response_url: string;
}

interface Interaction {
  readonly user: { readonly id: string };
  readonly trigger_id: string;
}

export interface MessageAction extends Interaction {
  readonly type: "message_action";
  readonly callback_id: string;
  readonly channel: { readonly id: string };
  readonly message: SlackMessage;
  readonly response_url: string;
}

export interface BlockActions extends Interaction {
  readonly type: "block_actions";
  readonly channel?: { readonly id: string };
  readonly container?: { readonly is_ephemeral?: boolean; readonly thread_ts?: string };
  readonly actions: readonly { readonly action_id: string; readonly value?: string }[];
  readonly response_url?: string;
}

export interface ViewSubmission extends Interaction {
  readonly type: "view_submission";
  readonly view: {
    readonly id: string;
    readonly callback_id: string;
    readonly private_metadata?: string;
    readonly state: {
      readonly values: Readonly<Record<string, Readonly<Record<string, { readonly value?: string | null }>>>>;
    };
  };
}

/** What Slack sends to an app: parsed JSON that came over an authenticated way. */
export type Payload = Readonly<Record<string, unknown>>;

/** What Slack's acknowledgement carries, and what is to be done once it is out. */
export interface Handled {
  readonly answer?: object;
  readonly later?: () => Promise<void>;
}
