interface Result<Row> {
  readonly rows: readonly Row[];
}

type Query = <Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Result<Row>>;

/**
 * A Postgres database with the tables `docent.passage_…`. A statement may be run twice when the server went away; what
 * `transaction` is given is begun again as a whole.
 */
export interface SharedDatabase {
  readonly query: Query;
  transaction<T>(this: void, work: (query: Query) => Promise<T>): Promise<T>;
}
