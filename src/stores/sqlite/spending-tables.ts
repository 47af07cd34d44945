/**
 * Usage by day, so that a month is read from its days and not from its questions, and what counts against budgets.
 * `usage_by_day` has all that is told apart, `usage_sums` what is asked for most. What was recorded before counts on
 * its day in UTC.
 */
export const SPENDING = `
  ALTER TABLE usage ADD COLUMN day TEXT NOT NULL DEFAULT '';
  ALTER TABLE usage ADD COLUMN workspace TEXT NOT NULL DEFAULT '';
  UPDATE usage SET day = date(at / 1000, 'unixepoch'), workspace = coalesce(
    (SELECT json_extract(body, '$.incoming.channel.workspace') FROM turns WHERE turns.id = usage.turn_id), '');
  DROP INDEX usage_by_time;
  DROP INDEX usage_by_channel;

  CREATE TABLE usage_by_day (
    day TEXT NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    user_id TEXT NOT NULL,
    model TEXT NOT NULL,
    questions INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_usd REAL NOT NULL,
    last_turn_id TEXT NOT NULL,
    PRIMARY KEY (day, channel, user_id, model, workspace)
  ) WITHOUT ROWID;
  CREATE INDEX usage_by_day_channel ON usage_by_day (channel, day);
  CREATE TABLE usage_sums (
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    questions INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_usd REAL NOT NULL,
    last_turn_id TEXT NOT NULL,
    PRIMARY KEY (kind, day, workspace, key)
  ) WITHOUT ROWID;
  CREATE INDEX usage_sums_by_workspace ON usage_sums (kind, workspace, day);
  CREATE INDEX usage_sums_by_key ON usage_sums (kind, key, day);
  INSERT INTO usage_by_day
    SELECT day, workspace, channel, user_id, model, count(*), sum(input_tokens), sum(output_tokens), sum(cost_usd),
      max(turn_id)
    FROM usage GROUP BY day, channel, user_id, model, workspace;
  INSERT INTO usage_sums
    SELECT kind, day, workspace, key, sum(questions), sum(input_tokens), sum(output_tokens), sum(cost_usd),
      max(last_turn_id)
    FROM (
      SELECT 'day' AS kind, day AS key, * FROM usage_by_day
      UNION ALL SELECT 'channel', channel, * FROM usage_by_day
      UNION ALL SELECT 'user', user_id, * FROM usage_by_day
      UNION ALL SELECT 'model', model, * FROM usage_by_day)
    GROUP BY kind, day, workspace, key;
  -- Whatever writes a question's usage, its day is right.
  CREATE TRIGGER usage_counts AFTER INSERT ON usage BEGIN
    INSERT INTO usage_by_day VALUES (new.day, new.workspace, new.channel, new.user_id, new.model, 1, new.input_tokens,
      new.output_tokens, new.cost_usd, new.turn_id)
    ON CONFLICT DO UPDATE SET questions = questions + 1, input_tokens = input_tokens + excluded.input_tokens,
      output_tokens = output_tokens + excluded.output_tokens, cost_usd = cost_usd + excluded.cost_usd,
      last_turn_id = excluded.last_turn_id;
    INSERT INTO usage_sums
      SELECT kind, new.day, new.workspace, key, 1, new.input_tokens, new.output_tokens, new.cost_usd, new.turn_id
      FROM (SELECT 'day' AS kind, new.day AS key UNION ALL SELECT 'channel', new.channel
        UNION ALL SELECT 'user', new.user_id UNION ALL SELECT 'model', new.model) WHERE true
    ON CONFLICT DO UPDATE SET questions = questions + 1, input_tokens = input_tokens + excluded.input_tokens,
      output_tokens = output_tokens + excluded.output_tokens, cost_usd = cost_usd + excluded.cost_usd,
      last_turn_id = excluded.last_turn_id;
  END;

  -- In billionths of a dollar.
  CREATE TABLE budget_days (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    nano_usd INTEGER NOT NULL,
    PRIMARY KEY (day, kind, key)
  ) WITHOUT ROWID;
  CREATE TABLE budget_charges (
    turn_id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    channel TEXT NOT NULL,
    user_id TEXT NOT NULL,
    nano_usd INTEGER NOT NULL,
    is_settled INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX budget_charges_by_day ON budget_charges (day);
  CREATE TABLE budget_notices (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    turn_id TEXT NOT NULL,
    PRIMARY KEY (day, kind, key, channel)
  ) WITHOUT ROWID;
`;
