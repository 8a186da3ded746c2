/** Answers about the books: postings, accounts and their past, laws, bank lines, breaks, events, jobs. Described as in answers.ts. */
import { Type } from 'typebox';
import { closed, id, instant, money, nullable, text } from './answer-parts.ts';

const side = closed({ name: text, owner: text });
const posting = {
  seq: text,
  leg: Type.Integer(),
  at: instant,
  event: text,
  subject: text,
  debit: side,
  credit: side,
  amount: money,
};
export const PostingAnswer = closed(posting);
export const TraceStepAnswer = closed({ ...posting, depth: Type.Integer(), direction: text, portion: money });
export const AccountAnswer = closed({
  name: text,
  owner: text,
  currency: text,
  kind: text,
  side: text,
  balance: money,
  debits: money,
  credits: money,
});
export const AccountBalanceAnswer = closed({
  name: text,
  owner: text,
  currency: text,
  balance: money,
  seq: Type.String({ description: 'of the last event it includes' }),
});
const entryFields = {
  seq: text,
  leg: Type.Integer(),
  at: instant,
  event: text,
  subject: text,
  side: Type.String({ description: 'where this account was posted: debit or credit' }),
  amount: money,
  other: side,
  balance: money,
};
export const EntryAnswer = closed(entryFields);
export const StatementLine = Type.Union([
  closed({
    line: Type.Literal('opening'),
    name: text,
    owner: text,
    currency: text,
    from: instant,
    to: instant,
    seq: Type.String({ description: 'of the last event the statement includes' }),
    balance: money,
  }),
  closed({ line: Type.Literal('entry'), ...entryFields }),
  closed({ line: Type.Literal('closing'), entries: Type.Integer(), balance: money }),
]);
export const CheckAnswer = closed({
  ok: Type.Boolean(),
  seq: text,
  laws: Type.Array(closed({ law: text, alarm: Type.Boolean(), ok: Type.Boolean(), findings: Type.Array(text) })),
});
export const TimelineAnswer = closed({
  at: instant,
  lane: text,
  kind: text,
  title: text,
  detail: text,
  seq: nullable(text),
  amount: Type.Optional(money),
});
export const LineAnswer = closed({
  id: id('ln'),
  state: text,
  direction: text,
  amount: money,
  bookedOn: text,
  text,
  counterparty: nullable(text),
  bankReference: text,
  endToEndId: nullable(text),
  explainedAs: nullable(text),
  subject: nullable(text),
});
export const BreakAnswer = closed({
  id: id('brk'),
  kind: text,
  state: text,
  subject: text,
  amount: nullable(money),
  reason: text,
  owner: text,
  openedAt: instant,
  closedAt: nullable(instant),
  closedBy: nullable(text),
  closeReason: nullable(text),
});
export const EventAnswer = closed({
  seq: text,
  type: text,
  subject: text,
  version: Type.Integer(),
  at: instant,
  data: Type.Object({}, { additionalProperties: true }),
});
export const SystemAnswer = closed({
  version: text,
  sandbox: Type.Boolean(),
  now: instant,
  journal: closed({ seq: text }),
  jobs: closed({ waiting: Type.Integer(), due: Type.Integer(), dead: Type.Integer(), nextDue: nullable(instant) }),
  addresses: closed({ vault: text, docs: text }),
});

export const ImportAnswer = closed({ day: text });
export const JobAnswer = closed({ id: text, kind: text, subject: text, lastError: nullable(text) });
export const RestartAnswer = closed({ restarted: Type.Boolean() });
