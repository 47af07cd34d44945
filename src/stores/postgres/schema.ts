/**
 * Every change since the first version, in order; `docent.schema_version` counts those that a database has. Bodies are
 * JSON as `text`: `jsonb` refuses the NUL that people can write. Times that people see are milliseconds since the epoch.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE docent.turns (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    conversation text NOT NULL,
    channel text NOT NULL,
    workspace text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    is_open boolean NOT NULL,
    cancel_requested boolean NOT NULL DEFAULT false,
    created_at bigint NOT NULL,
    delivery uuid NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX turns_open ON docent.turns (conversation, seq) WHERE is_open;
  CREATE INDEX turns_open_by_seq ON docent.turns (seq) WHERE is_open;
  CREATE INDEX turns_by_channel ON docent.turns (channel, seq);
  CREATE INDEX turns_by_workspace ON docent.turns (workspace, channel);
  CREATE INDEX turns_by_time ON docent.turns (created_at);
  CREATE TABLE docent.forgotten_turns (id text PRIMARY KEY);

  CREATE TABLE docent.conversations (
    conversation text PRIMARY KEY,
    open_turns integer NOT NULL,
    first_seq bigint NOT NULL,
    served_at timestamptz NOT NULL DEFAULT '-infinity',
    turn_id text,
    lease_owner text,
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
  );
  CREATE INDEX conversations_waiting ON docent.conversations (served_at, first_seq) WHERE open_turns > 0;
  CREATE INDEX conversations_leased ON docent.conversations (lease_owner) WHERE lease_owner IS NOT NULL;

  CREATE TABLE docent.jobs (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    lease_owner text,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    delivery uuid NOT NULL,
    body text NOT NULL
  );
  CREATE TABLE docent.locks (name text PRIMARY KEY, owner text NOT NULL, held_until timestamptz NOT NULL);

  CREATE TABLE docent.documents (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    scope_kind text NOT NULL,
    scope_key text NOT NULL,
    message_key text NOT NULL,
    state text NOT NULL,
    delivery uuid NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX documents_by_scope ON docent.documents (scope_kind, scope_key, seq);
  CREATE INDEX documents_by_message ON docent.documents (message_key);
  CREATE TABLE docent.pages (
    document_id text NOT NULL,
    position integer NOT NULL,
    number integer NOT NULL,
    title text,
    text text NOT NULL,
    PRIMARY KEY (document_id, position)
  );
  CREATE TABLE docent.removed_documents (id text PRIMARY KEY, body text);
  CREATE INDEX removed_documents_open ON docent.removed_documents (id) WHERE body IS NOT NULL;

  CREATE TABLE docent.messages (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    channel text NOT NULL,
    created_at bigint NOT NULL,
    cited text[] NOT NULL,
    delivery uuid NOT NULL,
    body text NOT NULL
  );
  CREATE INDEX messages_by_channel ON docent.messages (channel, seq);
  CREATE INDEX messages_by_cited ON docent.messages USING gin (cited);

  CREATE TABLE docent.usage (
    turn_id text PRIMARY KEY,
    channel text NOT NULL,
    user_id text NOT NULL,
    at bigint NOT NULL,
    model text NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd double precision NOT NULL
  );
  CREATE INDEX usage_by_time ON docent.usage (at);
  CREATE INDEX usage_by_channel ON docent.usage (channel, at);
  CREATE TABLE docent.feedback (
    turn_id text NOT NULL,
    user_id text NOT NULL,
    verdict text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (turn_id, user_id)
  );

  CREATE TABLE docent.key_values (key text PRIMARY KEY, value text);

  CREATE TABLE docent.blobs (
    id text PRIMARY KEY,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    chunks integer NOT NULL,
    upload uuid NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE docent.blob_chunks (
    upload uuid NOT NULL,
    position integer NOT NULL,
    bytes bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (upload, position)
  );
  ALTER TABLE docent.blob_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

  CREATE TABLE docent.passage_documents (
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL,
    name text NOT NULL,
    scope bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('adding', 'ready')),
    words bigint NOT NULL DEFAULT 0,
    layout text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    delivery uuid NOT NULL UNIQUE
  );
  CREATE INDEX passage_documents_by_id ON docent.passage_documents (id);
  CREATE INDEX passage_documents_adding ON docent.passage_documents (begun_at) WHERE state = 'adding';
  CREATE TABLE docent.passage_pages (
    document bigint NOT NULL,
    page integer NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (document, page)
  );
  CREATE TABLE docent.passage_terms (
    document bigint NOT NULL,
    term text COLLATE "C" NOT NULL,
    scope bigint NOT NULL,
    uses integer NOT NULL,
    positions bytea NOT NULL,
    PRIMARY KEY (document, term)
  );
  CREATE INDEX passage_terms_by_scope ON docent.passage_terms (scope, term, document) INCLUDE (uses);
  `,
];
