/**
 * What answers cost by question and by day, so that a month is read from its days and not from its questions, and what
 * counts against budgets. A budget changes while the row of its day for all questions is locked: one after the other,
 * and never two that wait for each other.
 */
export const SPENDING = `
  CREATE TABLE docent.usage (
    turn_id text PRIMARY KEY,
    day text NOT NULL,
    workspace text NOT NULL,
    channel text NOT NULL,
    user_id text NOT NULL,
    at bigint NOT NULL,
    model text NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd double precision NOT NULL
  );
  -- Keys by bytes: they are compared a lot, and never shown in an order of words.
  CREATE TABLE docent.usage_by_day (
    day text COLLATE "C" NOT NULL,
    workspace text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    questions bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd double precision NOT NULL,
    last_turn_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (day, channel, user_id, model, workspace)
  );
  CREATE INDEX usage_by_day_channel ON docent.usage_by_day (channel, day);
  CREATE TABLE docent.usage_sums (
    kind text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL,
    workspace text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    questions bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd double precision NOT NULL,
    last_turn_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, day, workspace, key)
  );
  CREATE INDEX usage_sums_by_workspace ON docent.usage_sums (kind, workspace, day);
  CREATE INDEX usage_sums_by_key ON docent.usage_sums (kind, key, day);
  -- Whatever writes usage, its day is right. Rows are taken in one order: two at once wait, and never for each other.
  CREATE FUNCTION docent.count_usage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO docent.usage_sums AS known
      SELECT kind, day, workspace, key, count(*), sum(input_tokens), sum(output_tokens), sum(cost_usd), max(turn_id)
      FROM added CROSS JOIN LATERAL
        (VALUES ('day', day), ('channel', channel), ('user', user_id), ('model', model)) AS told (kind, key)
      GROUP BY kind, day, workspace, key ORDER BY kind = 'day' DESC, kind, day, workspace, key
    ON CONFLICT (kind, day, workspace, key) DO UPDATE SET questions = known.questions + excluded.questions,
      input_tokens = known.input_tokens + excluded.input_tokens,
      output_tokens = known.output_tokens + excluded.output_tokens,
      cost_usd = known.cost_usd + excluded.cost_usd, last_turn_id = excluded.last_turn_id;
    INSERT INTO docent.usage_by_day AS known
      SELECT day, workspace, channel, user_id, model, count(*), sum(input_tokens), sum(output_tokens), sum(cost_usd),
        max(turn_id)
      FROM added GROUP BY day, workspace, channel, user_id, model ORDER BY day, workspace, channel, user_id, model
    ON CONFLICT (day, channel, user_id, model, workspace) DO UPDATE SET questions = known.questions + excluded.questions,
      input_tokens = known.input_tokens + excluded.input_tokens,
      output_tokens = known.output_tokens + excluded.output_tokens,
      cost_usd = known.cost_usd + excluded.cost_usd, last_turn_id = excluded.last_turn_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER usage_counts AFTER INSERT ON docent.usage REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION docent.count_usage();

  -- In billionths of a dollar.
  CREATE TABLE docent.budget_days (
    day text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    nano_usd bigint NOT NULL,
    PRIMARY KEY (day, kind, key)
  );
  CREATE TABLE docent.budget_charges (
    turn_id text PRIMARY KEY,
    day text NOT NULL,
    channel text NOT NULL,
    user_id text NOT NULL,
    nano_usd bigint NOT NULL,
    is_settled boolean NOT NULL
  );
  CREATE INDEX budget_charges_by_day ON docent.budget_charges (day);
  CREATE TABLE docent.budget_notices (
    day text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    channel text NOT NULL,
    turn_id text NOT NULL,
    PRIMARY KEY (day, kind, key, channel)
  );

  -- What was used of a budget before it was one.
  CREATE FUNCTION docent.used_before(of_day text, of_kind text, of_key text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(round(sum(cost_usd) * 1e9), 0)::bigint FROM docent.usage_sums
      WHERE day = of_day AND kind = CASE of_kind WHEN 'all' THEN 'day' ELSE of_kind END
        AND key = CASE of_kind WHEN 'all' THEN of_day ELSE of_key END
  $$;

  CREATE FUNCTION docent.open_budgets(of_day text, of_channel text, of_user text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM docent.budget_days WHERE day = of_day AND kind = 'all' FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO docent.budget_days VALUES (of_day, 'all', '', docent.used_before(of_day, 'all', ''))
        ON CONFLICT DO NOTHING;
      PERFORM FROM docent.budget_days WHERE day = of_day AND kind = 'all' FOR UPDATE;
      -- A turn may be taken up again a few days late.
      DELETE FROM docent.budget_days WHERE day < (of_day::date - 7)::text;
      DELETE FROM docent.budget_charges WHERE day < (of_day::date - 7)::text;
      DELETE FROM docent.budget_notices WHERE day < (of_day::date - 7)::text;
    END IF;
    INSERT INTO docent.budget_days
      SELECT of_day, wanted.kind, wanted.key, docent.used_before(of_day, wanted.kind, wanted.key)
      FROM (VALUES ('channel', of_channel), ('user', of_user)) AS wanted (kind, key)
      WHERE NOT EXISTS (SELECT FROM docent.budget_days known
        WHERE known.day = of_day AND known.kind = wanted.kind AND known.key = wanted.key);
  END $$;

  CREATE FUNCTION docent.charge_budgets(of_day text, of_channel text, of_user text, amount bigint)
  RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM docent.open_budgets(of_day, of_channel, of_user);
    UPDATE docent.budget_days SET nano_usd = nano_usd + amount WHERE day = of_day
      AND (kind, key) IN (('all', ''), ('channel', of_channel), ('user', of_user));
  END $$;

  CREATE FUNCTION docent.reserve_budget(of_turn text, of_day text, of_channel text, of_user text, estimate bigint,
    limit_all bigint, limit_channel bigint, limit_user bigint) RETURNS text LANGUAGE plpgsql AS $$
  DECLARE
    held docent.budget_charges;
    lacking text;
  BEGIN
    PERFORM docent.open_budgets(of_day, of_channel, of_user);
    SELECT * INTO held FROM docent.budget_charges WHERE turn_id = of_turn;
    IF held.is_settled OR held.day = of_day THEN
      RETURN NULL;
    END IF;
    SELECT b.kind INTO lacking
    FROM (VALUES ('all', '', limit_all, 1), ('channel', of_channel, limit_channel, 2), ('user', of_user, limit_user, 3))
      AS wanted (kind, key, nano_usd, rank)
    JOIN docent.budget_days b ON b.day = of_day AND b.kind = wanted.kind AND b.key = wanted.key
    WHERE wanted.nano_usd = 0 OR b.nano_usd + estimate > wanted.nano_usd ORDER BY wanted.rank LIMIT 1;
    IF lacking IS NOT NULL THEN
      RETURN lacking;
    END IF;
    IF held.turn_id IS NOT NULL THEN
      PERFORM docent.charge_budgets(held.day, held.channel, held.user_id, -held.nano_usd);
    END IF;
    PERFORM docent.charge_budgets(of_day, of_channel, of_user, estimate);
    INSERT INTO docent.budget_charges VALUES (of_turn, of_day, of_channel, of_user, estimate, false)
      ON CONFLICT (turn_id) DO UPDATE SET day = excluded.day, nano_usd = excluded.nano_usd;
    RETURN NULL;
  END $$;

  -- Without a cost what was held stays the cost. What is held is looked up once more when nobody else can change it.
  CREATE FUNCTION docent.settle_budget(of_turn text, of_day text, of_channel text, of_user text, cost bigint)
  RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    held docent.budget_charges;
  BEGIN
    SELECT * INTO held FROM docent.budget_charges WHERE turn_id = of_turn;
    PERFORM docent.open_budgets(coalesce(held.day, of_day), of_channel, of_user);
    SELECT * INTO held FROM docent.budget_charges WHERE turn_id = of_turn;
    IF held.is_settled OR coalesce(cost, held.nano_usd) IS NULL THEN
      RETURN;
    END IF;
    PERFORM docent.charge_budgets(coalesce(held.day, of_day), of_channel, of_user,
      coalesce(cost, held.nano_usd) - coalesce(held.nano_usd, 0));
    INSERT INTO docent.budget_charges
      VALUES (of_turn, of_day, of_channel, of_user, coalesce(cost, held.nano_usd), true)
      ON CONFLICT (turn_id) DO UPDATE SET nano_usd = excluded.nano_usd, is_settled = true;
  END $$;

  CREATE FUNCTION docent.release_budget(of_turn text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    held docent.budget_charges;
  BEGIN
    SELECT * INTO held FROM docent.budget_charges WHERE turn_id = of_turn;
    IF held.turn_id IS NULL THEN
      RETURN;
    END IF;
    PERFORM docent.open_budgets(held.day, held.channel, held.user_id);
    DELETE FROM docent.budget_charges WHERE turn_id = of_turn AND NOT is_settled RETURNING * INTO held;
    IF FOUND THEN
      PERFORM docent.charge_budgets(held.day, held.channel, held.user_id, -held.nano_usd);
    END IF;
  END $$;
`;
