/** All SQL of disputes. */
import { createHash } from 'node:crypto';
import { assert } from '../base/assert.ts';
import type { Day, Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { type Id, idFromUuid, uuidOf } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { DisputeMovement } from '../connectors/ports/card-acquirer.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Case, disputes } from './case.ts';

export const findDispute = (db: Queryable, id: Id<'dsp'>): Promise<Case | null> => loadRow(db, disputes, id);

export const claimKey = (network: Id<'net'>, claim: string): string => `${network}:${claim}`;

export async function findByClaim(db: Queryable, network: Id<'net'>, claim: string): Promise<Case | null> {
  return (await findRows(db, disputes, 'claim_key = $1', [claimKey(network, claim)]))[0] ?? null;
}

export const disputesOf = (db: Queryable, order: Id<'ord'>): Promise<readonly Case[]> =>
  findRows(db, disputes, 'order_id = $1 order by id', [order]);

/** Open disputes about orders of a seller. */
export const openDisputesOf = (db: Queryable, seller: Id<'sel'>): Promise<readonly Case[]> =>
  findRows(db, disputes, "seller = $1 and state not in ('won', 'lost', 'accepted') order by id", [seller]);

export interface DisputeFilter {
  readonly marketplace: Id<'mkt'> | null;
  readonly order: string | null;
  readonly states: readonly string[];
  readonly before: string;
  readonly limit: number;
}

export const listDisputes = (db: Queryable, filter: DisputeFilter): Promise<readonly Case[]> =>
  findRows(
    db,
    disputes,
    `id < $1::uuid and ($2::text is null or marketplace = $2) and ($3::text is null or order_id = $3)
      and (cardinality($4::text[]) = 0 or state = any ($4)) order by id desc limit $5`,
    [filter.before, filter.marketplace, filter.order, filter.states, filter.limit],
  );

/** What open disputes may still take from sellers and could not freeze. In USD, as payouts are. */
export async function keptBackFor(
  db: Queryable,
  sellers: readonly Id<'sel'>[],
): Promise<ReadonlyMap<Id<'sel'>, Money>> {
  const { rows } = await db.query<{ seller: string; total: bigint }>(
    `select seller, sum((data #>> '{atRisk,value}')::bigint)::bigint as total from disputes
      where state not in ('won', 'lost', 'accepted') and seller = any ($1) and data #>> '{atRisk,currency}' = 'USD'
      group by seller having sum((data #>> '{atRisk,value}')::bigint) > 0`,
    [sellers],
  );
  return new Map(rows.map(({ seller, total }) => [seller as Id<'sel'>, money(total, 'USD')]));
}

/** Keeps a document's bytes. What the row of the dispute does not name is nobody's and harms nobody. */
export async function keepDocument(
  db: Queryable,
  id: Id<'doc'>,
  { sha256, content }: { readonly sha256: string; readonly content: Uint8Array },
): Promise<void> {
  await db.query('insert into dispute_documents (id, sha256, bytes) values ($1, $2, $3)', [
    uuidOf(id),
    Buffer.from(sha256, 'hex'),
    Buffer.from(content),
  ]);
}

/** The bytes of documents, in the order asked for; asserts that they are what was handed in. */
export async function loadDocuments(
  db: Queryable,
  documents: readonly { readonly id: Id<'doc'>; readonly sha256: string }[],
): Promise<readonly Uint8Array[]> {
  const { rows } = await db.query<{ id: string; bytes: Buffer }>(
    'select id, bytes from dispute_documents where id = any ($1::uuid[])',
    [documents.map(({ id }) => uuidOf(id))],
  );
  const kept = new Map(rows.map(({ id, bytes }) => [idFromUuid('doc', id), bytes]));
  return documents.map(({ id, sha256 }) => {
    const bytes = kept.get(id);
    assert(bytes !== undefined, `document ${id} is not kept`);
    assert(createHash('sha256').update(bytes).digest('hex') === sha256, `document ${id} is not what was handed in`);
    return bytes;
  });
}

/** The bytes of one document, as they were handed in. */
export const evidenceBytes = async (
  db: Queryable,
  document: { readonly id: Id<'doc'>; readonly sha256: string },
): Promise<Uint8Array> => (await loadDocuments(db, [document]))[0] as Uint8Array;

/** Keeps the lines of a day's report; a repeat changes nothing. */
export async function keepMovements(
  db: Queryable,
  { network, day }: { readonly network: Id<'net'>; readonly day: Day },
  movements: readonly DisputeMovement[],
): Promise<void> {
  await db.query(
    `insert into dispute_movements (network, day, line, claim, network_payment_id, kind, currency, amount)
     select $1, $2, x.line, x.claim, x.payment, x.kind, x.currency, x.amount
       from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
            x(line, claim, payment, kind, currency, amount)
     on conflict do nothing`,
    [
      network,
      day,
      movements.map((_, index) => index + 1),
      movements.map(({ dispute }) => dispute),
      movements.map(({ networkPaymentId }) => networkPaymentId),
      movements.map(({ kind }) => kind),
      // Cases are kept in the currency of their payment.
      movements.map(({ amount, presentment = amount }) => presentment.currency),
      movements.map(({ amount, presentment = amount }) => presentment.amount),
    ],
  );
}

export interface ReportLine {
  readonly kind: 'debit' | 'credit' | 'fee';
  readonly amount: Money;
}

/** Everything that the network's reports say it moved for a dispute, in its order. */
export async function reportLines(
  db: Queryable,
  { network, claim }: Pick<Case, 'network' | 'claim'>,
): Promise<readonly ReportLine[]> {
  const { rows } = await db.query<{ kind: ReportLine['kind']; currency: Currency; amount: bigint }>(
    'select kind, currency, amount from dispute_movements where claim = $1 and network = $2 order by day, line',
    [claim, network],
  );
  return rows.map(({ kind, currency, amount }) => ({ kind, amount: money(amount, currency) }));
}

/** Disputes with more movements in our books than in the reports, the last of them before `before`. */
export const disputesAheadOfReports = (db: Queryable, before: Instant): Promise<readonly Case[]> =>
  findRows(
    db,
    disputes,
    `jsonb_array_length(data -> 'movements') > (select count(*) from dispute_movements m where m.claim = disputes.data ->> 'claim' and m.network = disputes.data ->> 'network'
        and m.currency = disputes.data #>> '{amount,currency}')
      and data #>> '{movements,-1,at}' < $1 order by id limit 1000`,
    [before],
  );
