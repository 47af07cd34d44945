import { SPENDING } from "./spending-tables.ts";

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
    channel_body text NOT NULL,
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
  CREATE INDEX conversations_by_turn ON docent.conversations (turn_id) WHERE turn_id IS NOT NULL;

  -- Two statements, each with a view of its own: the second must see what the last holder of the conversation did.
  CREATE FUNCTION docent.claim_turn(claimant text, lease interval)
  RETURNS TABLE (body text, cancel_requested boolean) LANGUAGE plpgsql AS $$
  DECLARE
    taken text;
  BEGIN
    UPDATE docent.conversations SET lease_owner = claimant, lease_until = clock_timestamp() + lease,
      served_at = clock_timestamp()
    WHERE conversation = (
      SELECT c.conversation FROM docent.conversations c WHERE c.open_turns > 0 AND c.lease_until <= clock_timestamp()
      ORDER BY c.served_at, c.first_seq LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING conversation INTO taken;
    IF taken IS NULL THEN
      RETURN;
    END IF;
    RETURN QUERY
      WITH head AS (
        SELECT t.id, t.body, t.cancel_requested FROM docent.turns t
        WHERE t.is_open AND t.conversation = taken ORDER BY t.seq LIMIT 1),
      held AS (
        UPDATE docent.conversations c SET turn_id = head.id FROM head WHERE c.conversation = taken)
      SELECT head.body, head.cancel_requested FROM head;
  END $$;

  CREATE TABLE docent.jobs (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    lease_owner text,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    delivery uuid NOT NULL,
    body text NOT NULL
  );
  CREATE TABLE docent.locks (name text PRIMARY KEY, owner text NOT NULL, held_until timestamptz NOT NULL);

  -- A row outlives its document: as long as its id is known, a redelivery finds it and does not bring it back.
  CREATE TABLE docent.documents (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    scope_kind text NOT NULL,
    scope_key text NOT NULL,
    message_key text NOT NULL,
    state text NOT NULL,
    is_retired boolean NOT NULL DEFAULT false,
    delivery uuid NOT NULL,
    body text
  );
  CREATE INDEX documents_by_seq ON docent.documents (seq) WHERE NOT is_retired;
  CREATE INDEX documents_by_scope ON docent.documents (scope_kind, scope_key, seq) WHERE NOT is_retired;
  CREATE INDEX documents_by_message ON docent.documents (message_key) WHERE NOT is_retired;
  CREATE INDEX documents_retired ON docent.documents (seq) WHERE is_retired AND body IS NOT NULL;
  CREATE TABLE docent.pages (
    document_id text NOT NULL,
    position integer NOT NULL,
    number integer NOT NULL,
    title text,
    text text NOT NULL,
    PRIMARY KEY (document_id, position)
  );

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

  CREATE TABLE docent.feedback (
    turn_id text NOT NULL,
    user_id text NOT NULL,
    verdict text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (turn_id, user_id)
  );

  -- By bytes, so that a namespace is a range of the primary key in a database of any language.
  CREATE TABLE docent.key_values (key text COLLATE "C" PRIMARY KEY, value text);

  CREATE TABLE docent.blobs (
    id text PRIMARY KEY,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    chunks integer NOT NULL,
    upload uuid NOT NULL UNIQUE,
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

  -- How far a move of a SQLite installation came; see migrate-to-postgres.
  CREATE TABLE docent.moves (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    source text NOT NULL,
    finished_at timestamptz
  );
  CREATE TABLE docent.move_parts (
    part text PRIMARY KEY,
    cursor text,
    added bigint NOT NULL DEFAULT 0,
    kept bigint NOT NULL DEFAULT 0
  );
  `,
  SPENDING,
];
