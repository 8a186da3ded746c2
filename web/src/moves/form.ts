/**
 * The form of a move: which fields it has, and the request body of what was typed. The server lists the fields; where it
 * lists none, these are the fields of the REST contract. Amounts are checked against the server's maximum so that the
 * answer is immediate; the server decides.
 */
import type { Money, Move, MoveField, Order } from '../api/client.ts';
import { exceeds, isZero, moneyText, parseAmount } from '../format/money.ts';

export type Values = Readonly<Record<string, string>>;
export type Body = Readonly<Record<string, unknown>>;
export type Built =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

const text = (name: string, label: string): MoveField => ({ name, label, type: 'text', required: true });
const FIELDS: Readonly<Partial<Record<Move['move'], readonly MoveField[]>>> = {
  pay: [{ name: 'token', label: 'Card', type: 'card', required: true }],
  ship: [text('carrier', 'Carrier'), text('trackingNumber', 'Tracking number')],
  refund: [{ name: 'amount', label: 'Amount', type: 'money', required: true }, text('reason', 'Reason')],
  cancel: [text('reason', 'Reason')],
};

/** The card comes last: its token sends the form, so everything else is chosen before. */
export function fieldsOf(move: Move): readonly MoveField[] {
  const fields = move.fields.length > 0 ? move.fields : (FIELDS[move.move] ?? []);
  return [...fields.filter(({ type }) => type !== 'card'), ...fields.filter(({ type }) => type === 'card')];
}

/** Options as pairs, whichever way the server wrote them. */
export const optionsOf = (field: MoveField): { readonly value: string; readonly label: string }[] =>
  (field.options ?? []).map((option) => (typeof option === 'string' ? { value: option, label: option } : option));

/** What a fresh form holds: the first option of each required choice, nothing else. */
export const initialValues = (move: Move): Values =>
  Object.fromEntries(
    fieldsOf(move).map((field) => [field.name, field.required ? (optionsOf(field)[0]?.value ?? '') : '']),
  );

export const currencyOf = (field: MoveField, order: Order): string =>
  field.max?.currency ?? field.above?.currency ?? order.total.currency;

/** The body to send, or what is wrong with each field. */
export function buildBody(move: Move, order: Order, values: Values): Built {
  const body: Record<string, unknown> = { ...move.body };
  const errors: Record<string, string> = {};
  for (const field of fieldsOf(move)) {
    const typed = values[field.name]?.trim() ?? '';
    if (typed === '' && field.type === 'check') body[field.name] = false;
    else if (typed === '') {
      if (field.required) errors[field.name] = `${field.label} is needed.`;
    } else if (field.type === 'check') body[field.name] = typed === 'true';
    else if (field.type !== 'money') body[field.name] = typed;
    else {
      const amount = readAmount(field, order, typed);
      if (typeof amount === 'string') errors[field.name] = amount;
      else body[field.name] = amount;
    }
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, body: move.move === 'pay' ? asPayment(body, order) : body };
}

function readAmount(field: MoveField, order: Order, typed: string): Money | string {
  const currency = currencyOf(field, order);
  const amount = parseAmount(typed, currency);
  if (amount === null) return `Not an amount in ${currency}.`;
  if (isZero(amount)) return 'More than zero is needed.';
  if (field.above !== undefined && !exceeds(amount, field.above))
    return `More than ${moneyText(field.above)} is needed.`;
  if (field.max !== undefined && exceeds(amount, field.max)) return `At most ${moneyText(field.max)}.`;
  return amount;
}

/** A payment names its instalment by number; without a choice it is the first that is due, captured at once. */
function asPayment(body: Body, order: Order): Body {
  const due = order.instalments.find((instalment) => instalment.state === 'due');
  return { capture: 'automatic', ...body, instalment: Number(body.instalment ?? due?.number ?? 1) };
}
