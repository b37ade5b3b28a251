/** One numbered step of the schema; forward only. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
