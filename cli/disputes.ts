/**
 * `causeway disputes …`: find a case, see its clock and its money, answer it. A challenge hands in the files first, each kept
 * once, and then sends all evidence of the stage; it cannot be sent twice.
 */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { ATTEMPT, attempted } from './attempt.ts';
import { type Adder, LIMIT, MORE, type Tools } from './command.ts';
import { type ExitCode, UsageError } from './errors.ts';
import { part } from './http.ts';
import { age, facts, money, table, time } from './output.ts';
import type { DisputeHistory, DisputeView, SystemView } from './views.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.txt': 'text/plain',
};

export function disputeCommands(program: Command, { add }: Adder): void {
  const disputes = program.command('disputes').description('Find disputes, see them, and answer them');
  add<{ state?: string; order?: string; limit: number }>(disputes, 'ls', 'List disputes, newest first', list)
    .option('--state <states>', 'only these, separated by commas, such as chargeback,pre_arbitration')
    .option('--order <id>', 'only of this order')
    .option(...LIMIT);
  add(disputes, 'show <id>', 'Show one dispute: its clock, its money, evidence and answers', async (tools, _, id) => {
    tools.out.show(await readOne(tools, id), disputeText);
    return undefined;
  });
  add<{ file?: string[]; attempt?: string }>(
    disputes,
    'challenge <id>',
    'Challenge a dispute with the evidence of its stage, after handing in the files given',
    challenge,
  )
    .option('--file <path...>', 'a PDF, PNG, JPEG or text file; several may follow')
    .option(...ATTEMPT);
  add<{ attempt?: string }>(
    disputes,
    'accept <id>',
    'Accept a dispute: it is lost, and its money stays with the cardholder',
    async (tools, { attempt }, id) => {
      const path = `/v1/disputes/${part(id)}/accept`;
      await attempted(attempt, (key) => tools.api().post<DisputeView>(path, {}, key));
      tools.out.show(await readOne(tools, id), disputeText);
      return undefined;
    },
  ).option(...ATTEMPT);
}

interface Listed {
  readonly now: string;
  readonly data: readonly DisputeView[];
  readonly more: boolean;
}

async function list(
  { out, api: connect }: Tools,
  { state, order, limit }: { state?: string; order?: string; limit: number },
): Promise<undefined> {
  const api = connect();
  const found = await api.list<DisputeView>('/v1/disputes', { state, order }, limit);
  const { now } = await api.get<SystemView>('/v1/system');
  out.show<Listed>({ now, ...found }, listText);
  if (found.more) out.note(MORE);
  return undefined;
}

interface Shown {
  readonly now: string;
  readonly dispute: DisputeHistory;
}

async function readOne({ api: connect }: Tools, id?: string): Promise<Shown> {
  const api = connect();
  const dispute = await api.get<DisputeHistory>(`/v1/disputes/${part(id ?? '')}`);
  return { now: (await api.get<SystemView>('/v1/system')).now, dispute };
}

async function challenge(
  tools: Tools,
  { file: paths = [], attempt }: { readonly file?: readonly string[]; readonly attempt?: string },
  id?: string,
): Promise<ExitCode | undefined> {
  const documents = paths.map(readDocument);
  const [api, path] = [tools.api(), `/v1/disputes/${part(id ?? '')}`];
  await attempted(attempt, async (key) => {
    // Under a name of the attempt, so that a repeat finds them handed in.
    if (documents.length > 0) await api.post(`${path}/evidence`, { documents }, `${key}.evidence`);
    return api.post<DisputeView>(`${path}/challenge`, {}, key);
  });
  tools.out.show(await readOne(tools, id), disputeText);
  return undefined;
}

/** The server looks whether a document is what its name says. @throws UsageError when it cannot be read or named. */
function readDocument(path: string): { name: string; mediaType: string; content: string } {
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()];
  if (mediaType === undefined)
    throw new UsageError(`${path} is none of ${Object.keys(MEDIA_TYPES).join(', ')}: the networks take no other`);
  try {
    return { name: basename(path), mediaType, content: readFileSync(path).toString('base64') };
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

const listText = ({ now, data }: Listed): string =>
  table(
    data,
    [
      { title: 'DISPUTE', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'REASON', of: ({ reason }) => `${reason.code} ${reason.title}` },
      { title: 'ORDER', of: ({ order, orderReference }) => orderReference ?? order },
      { title: 'SELLER', of: ({ seller }) => seller.name ?? seller.id },
      { title: 'ANSWER BY', of: ({ respondBy }) => time(respondBy) },
      { title: 'LEFT', of: ({ respondBy }) => leftText(respondBy, now), right: true },
    ],
    'no such disputes',
  );

const leftText = (respondBy: string | null, now: string): string =>
  respondBy === null ? '–' : respondBy <= now ? 'over' : age(now, respondBy);

function disputeText({ now, dispute }: Shown): string {
  const { reason, seller, money: moved, recommendation } = dispute;
  return [
    facts([
      ['dispute', `${dispute.id} (${dispute.networkId} at the network)`],
      ['state', dispute.checking ? `${dispute.state}; our answer is being looked up` : dispute.state],
      ['stage', dispute.stage],
      ['order', `${dispute.orderReference ?? '–'} (${dispute.order})`],
      ['payment', dispute.payment],
      ['seller', `${seller.name ?? '–'} (${seller.id})`],
      ['amount', money(dispute.amount)],
      ['reason', `${reason.code} ${reason.title} (${reason.kind})`],
      ['liability', dispute.liabilityShift ? 'the issuer’s: the cardholder was authenticated' : 'the seller’s'],
      ['speaks for', `${recommendation.answer}: ${recommendation.because.replaceAll('_', ' ')}`],
      [
        'answer by',
        dispute.respondBy === null ? '–' : `${time(dispute.respondBy)}, ${leftText(dispute.respondBy, now)}`,
      ],
      ['taken', money(moved.taken)],
      ['network fees', money(moved.fees)],
      ...coverFacts(moved.cover),
      ['may be done', dispute.moves.length === 0 ? 'nothing now' : dispute.moves.join(', ')],
      ['opened', time(dispute.openedAt)],
      [
        'ended',
        dispute.endedAt === null ? undefined : `${time(dispute.endedAt)}${dispute.expired ? ', unanswered' : ''}`,
      ],
    ]),
    `\nMoved by the network\n${movementsText(dispute)}`,
    `\nEvidence\n${evidenceText(dispute)}`,
    `\nAnswers\n${answersText(dispute)}`,
  ].join('\n');
}

const coverFacts = (cover: DisputeView['money']['cover']): readonly (readonly [string, string])[] =>
  cover === null
    ? []
    : [
        ['from the order', money(cover.held)],
        ['from reserve', money(cover.reserve)],
        ['from balance', money(cover.seller)],
        ['seller’s debt', money(cover.debt)],
      ];

const movementsText = ({ movements }: DisputeHistory): string =>
  table(
    movements,
    [
      { title: 'AT', of: ({ at }) => time(at) },
      { title: 'KIND', of: ({ kind }) => kind },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
    ],
    'nothing',
  );

const evidenceText = ({ documents }: DisputeHistory): string =>
  table(
    documents,
    [
      { title: 'DOCUMENT', of: ({ name }) => name },
      { title: 'TYPE', of: ({ mediaType }) => mediaType },
      { title: 'BYTES', of: ({ bytes }) => String(bytes), right: true },
      { title: 'STAGE', of: ({ stage }) => stage },
      { title: 'ADDED', of: ({ addedAt }) => time(addedAt) },
    ],
    'none',
  );

const answersText = ({ answers }: DisputeHistory): string =>
  table(
    answers,
    [
      { title: 'ANSWER', of: ({ kind }) => kind },
      { title: 'STAGE', of: ({ stage }) => stage },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'REFERENCE', of: ({ reference }) => reference },
      { title: 'SENT', of: ({ sentAt }) => time(sentAt) },
      { title: 'REFUSED', of: ({ refusal }) => (refusal === null ? '' : `${refusal.code}: ${refusal.message}`) },
    ],
    'none',
  );
