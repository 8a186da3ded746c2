/** What a person needs to understand a finding: the law, the seed, and everything that happened to its subjects. */
import type { Finding } from './audit/finding.ts';
import type { Auditor } from './auditor.ts';
import type { History } from './history.ts';

const LINES_MAX = 80;

const EVENTS = `
  select e.seq, e.type, e.prefix || '_' || replace(e.subject::text, '-', '') as subject, e.version, e.at::text as at, e.data::text as data,
         (select string_agg(d.name || ':' || d.owner || ' > ' || c.name || ':' || c.owner || ' ' || t.amount, '; ' order by t.leg)
            from transfers t join accounts d on d.id = t.debit join accounts c on c.id = t.credit where t.seq = e.seq) as transfers
    from journal_events e
   where e.prefix || '_' || replace(e.subject::text, '-', '') = any ($1) or e.data::text ~ $2
   order by e.seq limit ${LINES_MAX}`;

export async function explain(
  finding: Finding,
  { seed, auditor, history }: { seed: number; auditor: Auditor; history: History },
): Promise<string> {
  const what = finding.provesTooLittle ? 'NOT MET' : 'LAW BROKEN';
  const lines = [`${what} (seed ${seed}): ${finding.law}`, `  ${finding.detail}`];
  const subjects = await related(
    auditor,
    finding.subjects.filter((word) => word !== ''),
  );
  if (subjects.length > 0) {
    lines.push('  events and transfers:', ...(await eventsOf(auditor, subjects)), '  what the clients did:');
    lines.push(
      ...history
        .about([...finding.subjects.filter((word) => word !== ''), ...subjects])
        .slice(-LINES_MAX)
        .map((line) => `    ${line}`),
    );
  }
  return lines.join('\n');
}

/** The order, its payments, operations and refunds, wherever the finding began. */
async function related(auditor: Auditor, words: readonly string[]): Promise<readonly string[]> {
  const ids = words.filter((word) => /^[a-z]{2,3}_[0-9a-f]{32}$/.test(word));
  if (ids.length === 0) return [];
  const uuids = ids.map((id) => id.slice(id.indexOf('_') + 1));
  const sql = `
    with o as (
      select data ->> 'order' as id from payments where id = any ($2::uuid[]) union select data ->> 'order' from operations where id = any ($2::uuid[])
      union select data ->> 'order' from refunds where id = any ($2::uuid[]) union select unnest($1::text[]))
    select id from o where id is not null
    union select 'pay_' || replace(p.id::text, '-', '') from payments p join o on o.id = p.data ->> 'order'
    union select 'opn_' || replace(p.id::text, '-', '') from operations p join o on o.id = p.data ->> 'order'
    union select 'ref_' || replace(p.id::text, '-', '') from refunds p join o on o.id = p.data ->> 'order'`;
  const { rows } = await (await auditor.db()).query<{ id: string }>(sql, [ids, uuids]);
  return rows.map(({ id }) => id);
}

async function eventsOf(auditor: Auditor, subjects: readonly string[]): Promise<readonly string[]> {
  const { rows } = await (await auditor.db()).query<Record<string, string | null>>(EVENTS, [
    subjects,
    subjects.join('|'),
  ]);
  return rows.map(
    ({ seq, at, type, subject, version, data, transfers }) =>
      `    ${seq} ${at} ${type} ${subject} v${version} ${data}${transfers === null ? '' : `\n        ${transfers}`}`,
  );
}
