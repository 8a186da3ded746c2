/** The databases of the cells: one cast for each number of accounts, cloned for every cell. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { BenchDatabase, BenchServer } from '../support/database.ts';
import { fillCast } from './cast.ts';
import { type Cell, type Measured, ROWS, runCell } from './cell.ts';

export interface BenchWorld {
  run(cell: Cell): Promise<Measured>;
}

export function createBenchWorld(server: BenchServer): BenchWorld {
  const casts = new Map<number, BenchDatabase>();
  let cells = 0;
  return {
    run: async (cell) => {
      const { accounts } = cell.load;
      const cast = casts.get(accounts) ?? (await createCast(server, accounts));
      casts.set(accounts, cast);
      cells += 1;
      const database = await server.clone(cast, `cell_${cells}`);
      try {
        return await runCell(server, database, cell);
      } finally {
        await database.drop();
      }
    },
  };
}

async function createCast(server: BenchServer, accounts: number): Promise<BenchDatabase> {
  const database = await server.createDatabase(`cast_${accounts}`);
  const owner = new pg.Client({ connectionString: database.owner });
  await owner.connect();
  await owner.query(await readFile(join(import.meta.dirname, 'naive.sql'), 'utf8'));
  await owner.end();
  await fillCast(database.owner, { rows: ROWS, accounts });
  return database;
}
