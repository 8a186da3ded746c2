/** One statement on whatever connection: a pool's, or the one that holds the keys' lock. */
export type Query = (
  sql: string,
  values: readonly unknown[],
) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly rowCount: number | null }>;
