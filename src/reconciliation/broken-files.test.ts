/** A file that came broken is fetched again before it is kept: what is kept is kept for good. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type FakeAcquirer, type Modules } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import { MalformedFile } from '../connectors/ports/card-acquirer.ts';
import { cardAccounts } from '../parties/index.ts';
import { importDays, type ReconciliationDeps } from './index.ts';

const DAY = '2026-11-23' as Day;

describe('broken files', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(async () => m?.close());

  /** An acquirer that issues one file, of `day`, and sends these bytes, one a fetch. */
  const sending = (day: Day, ...sent: readonly string[]) => {
    const left = [...sent];
    const acquirer: FakeAcquirer = {
      ...m.acquirer,
      fetchSettlement: async (asked) =>
        asked === day ? { name: day, bytes: Buffer.from(left.shift() ?? sent.at(-1) ?? '') } : null,
      parseSettlement: (bytes) => {
        if (Buffer.from(bytes).toString() !== 'whole') throw new MalformedFile('cut in the middle');
        return [];
      },
    };
    const deps: ReconciliationDeps = {
      ...m.reconciliation,
      accounts: cardAccounts([{ ...m.cardAccount, acquirer }]),
      rail: { ...m.reconciliation.rail, fetchReturns: async () => null, fetchStatement: async () => null },
    };
    return { deps, fetched: () => sent.length - left.length };
  };
  const kept = async (day: Day): Promise<readonly string[]> => {
    const sql = `select convert_from(bytes, 'UTF8') as text from inbound where message_id = $1`;
    return (await m.db.query<{ text: string }>(sql, [`settlement:${day}`])).rows.map(({ text }) => text);
  };

  test('cut once: the whole file is kept', async () => {
    const network = sending(DAY, 'who', 'whole');
    await importDays(network.deps, DAY);
    assert.deepEqual([await kept(DAY), network.fetched()], [['whole'], 2]);
  });

  test('broken for good: kept as it is, for a person to see', async () => {
    const day = '2026-11-24' as Day;
    const network = sending(day, 'who', 'who', 'who', 'who');
    await importDays(network.deps, day);
    assert.deepEqual([await kept(day), network.fetched()], [['who'], 3]);
  });
});
