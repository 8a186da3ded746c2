/**
 * Disputes over HTTP: where each stands, whose turn it is until when, what it did to the money; handing in evidence, and the
 * answer of a stage. An answer that the network has not confirmed yet is 202: it is being asked, nobody should answer again.
 */
import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import type { Money } from '../../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import {
  addEvidence,
  answerDispute,
  CASE_MOVES,
  type Case,
  type DisputeDeps,
  disputesOf,
  findDispute,
  listDisputes,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENTS,
  openAnswer,
} from '../../disputes/index.ts';
import { listOf, pageAnswer, TimelineAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { DisputeAnswer, DisputeWithHistory } from '../dispute-answers.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readMoney, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, idempotentMoney, idOf, MoneyBody, PageQuery, params, Text } from '../schemas.ts';
import { disputeTimeline } from './dispute-timeline.ts';
import { disputeNames, viewDispute, viewDisputeHistory } from './dispute-view.ts';
import type { Routes } from './routes.ts';
import { mayRead, notFound } from './scope.ts';

const STATES = Object.keys(CASE_MOVES);
const STATE_LIST = `^(${STATES.join('|')})(,(${STATES.join('|')}))*$`;

/** Six mebibytes of documents in base64, and what stands around them. */
export const EVIDENCE_BODY_LIMIT = 9 * 1024 * 1024;

const EvidenceBody = body({
  documents: Type.Array(
    body({
      name: Text(100),
      mediaType: Type.Union([
        Type.Literal('application/pdf'),
        Type.Literal('image/png'),
        Type.Literal('image/jpeg'),
        Type.Literal('text/plain'),
      ]),
      content: Type.String({
        minLength: 4,
        maxLength: Math.ceil(MAX_DOCUMENT_BYTES / 3) * 4,
        pattern: '^[A-Za-z0-9+/]+={0,2}$',
        description: `base64 (RFC 4648 §4), at most ${MAX_DOCUMENT_BYTES} bytes decoded`,
      }),
    }),
    { minItems: 1, maxItems: MAX_DOCUMENTS },
  ),
});

export function disputeRoutes(server: Routes, app: App): void {
  readRoutes(server, app);
  timelineRoute(server, app);
  evidenceRoute(server, app);
  answerRoutes(server, app);
}

function readRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  const payments = requires(app, 'payments');
  server.get(
    '/v1/disputes',
    {
      onRequest: payments,
      schema: {
        summary: 'List disputes',
        tags: ['disputes'],
        response: answers(200, 'A page of disputes', pageAnswer(DisputeAnswer)),
        querystring: Type.Object(
          {
            ...PageQuery,
            order: Type.Optional(idOf('ord')),
            state: Type.Optional(Type.String({ pattern: STATE_LIST })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const rows = await listDisputes(db, {
        marketplace: request.caller.marketplace,
        order: request.query.order ?? null,
        states: request.query.state?.split(',') ?? [],
        before: page.before ?? 'f'.repeat(32),
        limit: page.limit,
      });
      const names = await disputeNames(db, rows);
      return pageOf(rows, page.limit, (row) => viewDispute(row, names));
    },
  );
  server.get(
    '/v1/disputes/:id',
    {
      onRequest: payments,
      schema: {
        summary: 'One dispute with its money, evidence and answers',
        tags: ['disputes'],
        params: params('dsp'),
        response: answers(200, 'The dispute', DisputeWithHistory),
      },
    },
    async (request, reply) => {
      const row = await findDispute(db, request.params.id as Id<'dsp'>);
      if (row === null || !mayRead(request.caller, row.marketplace)) return sendProblem(reply, notFound('dispute'));
      const joined = (await disputesOf(db, row.order)).filter((each) => each.case === row.case && each.id !== row.id);
      const names = await disputeNames(db, [row]);
      return toPlain(viewDisputeHistory(row, { names, joined, now: app.clock.now() }));
    },
  );
}

function timelineRoute(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/disputes/:id/timeline',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'What happened in a dispute, and what is due',
        tags: ['disputes'],
        params: params('dsp'),
        response: answers(200, 'The timeline', listOf(TimelineAnswer)),
      },
    },
    async (request, reply) => {
      const row = await findDispute(db, request.params.id as Id<'dsp'>);
      if (row === null || !mayRead(request.caller, row.marketplace)) return sendProblem(reply, notFound('dispute'));
      return toPlain({ data: await disputeTimeline(db, row) });
    },
  );
}

function evidenceRoute(server: Routes, app: App): void {
  server.post(
    '/v1/disputes/:id/evidence',
    {
      onRequest: requires(app, 'payments'),
      bodyLimit: EVIDENCE_BODY_LIMIT,
      schema: {
        summary: 'Hand in evidence for the stage that waits for an answer',
        tags: ['disputes'],
        params: params('dsp'),
        headers: idempotent,
        body: EvidenceBody,
        response: answers(201, 'The dispute', DisputeAnswer),
      },
    },
    async (request, reply) => {
      const documents = readDocuments(request.body.documents);
      if (!documents.ok) return sendProblem(reply, documents.error);
      const dispute = request.params.id as Id<'dsp'>;
      // Documents are in the fingerprint by their hashes.
      const named = documents.value.map(({ name, mediaType, content }) => ({
        name,
        mediaType,
        sha256: createHash('sha256').update(content).digest('hex'),
      }));
      const command = optionalCommand(request, 'add_evidence', { dispute, documents: named });
      if (!command.ok) return sendProblem(reply, command.error);
      const { marketplace } = request.caller;
      const result = await addEvidence(await depsFor(app, dispute), command.value, {
        marketplace,
        dispute,
        documents: documents.value,
      });
      return sendOutcome(app, reply, command.value, result, { status: 201, view: (row) => viewDispute(row) });
    },
  );
}

/** Those of the case's own network; what there is no case of is refused by the command, whichever it gets. */
async function depsFor({ disputes, journal }: App, id: Id<'dsp'>): Promise<DisputeDeps> {
  const found = await findDispute(journal.db, id);
  return found === null ? disputes.all[0] : disputes.ofCase(found);
}

type Sent = {
  readonly name: string;
  readonly mediaType: 'application/pdf' | 'image/png' | 'image/jpeg' | 'text/plain';
  readonly content: string;
};

function readDocuments(
  sent: readonly Sent[],
): Result<readonly (Omit<Sent, 'content'> & { content: Uint8Array })[], Refusal> {
  const read: (Omit<Sent, 'content'> & { content: Uint8Array })[] = [];
  for (const [index, { name, mediaType, content }] of sent.entries()) {
    const bytes = Buffer.from(content, 'base64');
    if (bytes.toString('base64') !== content)
      return refuse('invalid_document', 'is not base64 with its padding', { pointer: `/documents/${index}/content` });
    read.push({ name, mediaType, content: bytes });
  }
  return ok(read);
}

const AcceptBody = body({ amount: Type.Optional(MoneyBody) });
const answerBody = (kind: 'challenge' | 'accept') => (kind === 'accept' ? AcceptBody : body({}));

/** Nothing, or what part is accepted. */
function readPart(sent: { readonly amount?: Static<typeof MoneyBody> }): Result<{ readonly amount?: Money }, Refusal> {
  if (sent.amount === undefined) return ok({});
  const amount = readMoney(sent.amount, '/amount');
  return amount.ok ? ok({ amount: amount.value }) : amount;
}

function answerRoutes(server: Routes, app: App): void {
  const verbs = [
    {
      kind: 'challenge',
      summary: 'Challenge a dispute with the evidence of its stage; of an inquiry, hand in the documents it asks for',
    },
    {
      kind: 'accept',
      summary: 'Accept a dispute: it is lost; of a claim of a wallet, with `amount` only so much of it',
    },
  ] as const;
  for (const { kind, summary } of verbs) {
    server.post(
      `/v1/disputes/:id/${kind}`,
      {
        onRequest: requires(app, 'payments'),
        schema: {
          summary,
          tags: ['disputes'],
          params: params('dsp'),
          headers: idempotentMoney,
          body: answerBody(kind),
          response: {
            ...answers(200, 'The dispute; the network took the answer, or refused it', DisputeAnswer),
            ...answers(202, 'The network has not said yet whether it took the answer', DisputeAnswer),
          },
        },
      },
      async (request, reply) => {
        const dispute = request.params.id as Id<'dsp'>;
        const amount = readPart(request.body);
        if (!amount.ok) return sendProblem(reply, amount.error);
        const command = requireCommand(request, `${kind}_dispute`, { dispute, ...amount.value });
        if (!command.ok) return sendProblem(reply, command.error);
        const { marketplace } = request.caller;
        const result = await answerDispute(await depsFor(app, dispute), command.value, {
          ...{ marketplace, dispute, kind, ...amount.value },
        });
        return sendOutcome(app, reply, command.value, result, {
          view: (row) => viewDispute(row),
          open: (row: Case) => openAnswer(row) !== null,
        });
      },
    );
  }
}
