/**
 * `causeway payments capture | increment | cancel | refund`: what may be asked of the network about a payment. Each moves or
 * holds money, so each attempt has a name: repeated under it after a lost answer, it happens once.
 */
import type { Command } from 'commander';
import { fromDecimal, type Money } from '../src/base/money.ts';
import { ATTEMPT, attempted } from './attempt.ts';
import type { Adder, Tools } from './command.ts';
import { type ExitCode, UsageError } from './errors.ts';
import { part } from './http.ts';
import { money } from './output.ts';
import { paymentText } from './payment-text.ts';
import type { PaymentView, RefundView } from './views.ts';

interface MoveOptions {
  readonly amount?: string;
  readonly attempt?: string;
}

const AMOUNT = '--amount <decimal>';

export function paymentMoveCommands(payments: Command, { add }: Adder): void {
  add<MoveOptions & { keepRest?: boolean }>(
    payments,
    'capture <id>',
    'Capture an authorized payment: what is left of it, or a part',
    (tools, { amount, attempt, keepRest }, id) => {
      const body = async (payment: PaymentView) => ({ ...amountOf(payment, amount), final: keepRest !== true });
      return move(tools, { id, verb: 'capture', attempt, body });
    },
  )
    .option(AMOUNT, 'in the payment’s currency, such as 12.50; all that is left by default')
    .option('--keep-rest', 'more captures follow: what is left stays authorized')
    .option(...ATTEMPT);
  add<MoveOptions & { amount: string }>(
    payments,
    'increment <id>',
    'Raise an estimated authorization to a new total',
    (tools, { amount, attempt }, id) =>
      move(tools, { id, verb: 'increment', attempt, body: async (payment) => amountOf(payment, amount) }),
  )
    .requiredOption(AMOUNT, 'the new total, above what is authorized')
    .option(...ATTEMPT);
  add<MoveOptions>(
    payments,
    'cancel <id>',
    'Give an authorization back, or what is left of it',
    (tools, { attempt }, id) => move(tools, { id, verb: 'cancel', attempt, body: async () => ({}) }),
  ).option(...ATTEMPT);
  add<MoveOptions & { reason: string }>(
    payments,
    'refund <id>',
    'Refund a captured payment to its card, in full or in part',
    refund,
  )
    .option(AMOUNT, 'in the payment’s currency; all that may be refunded by default')
    .requiredOption('--reason <text>', 'why; kept with the refund')
    .option(...ATTEMPT);
}

interface Move {
  readonly id: string | undefined;
  readonly verb: 'capture' | 'increment' | 'cancel';
  readonly attempt: string | undefined;
  body(payment: PaymentView): Promise<object>;
}

async function move(tools: Tools, { id = '', verb, attempt, body }: Move): Promise<ExitCode | undefined> {
  const [api, path] = [tools.api(), `/v1/payments/${part(id)}`];
  const wanted = await body(await api.get<PaymentView>(path));
  const payment = await attempted(attempt, (key) => api.post<PaymentView>(`${path}/${verb}`, wanted, key));
  tools.out.show(payment, paymentText);
  return undefined;
}

async function refund(
  tools: Tools,
  { amount, reason, attempt }: MoveOptions & { readonly reason: string },
  id = '',
): Promise<ExitCode | undefined> {
  const [api, path] = [tools.api(), `/v1/payments/${part(id)}`];
  const payment = await api.get<PaymentView>(path);
  const wanted = { amount: payment.refundable, ...amountOf(payment, amount), reason };
  const made = await attempted(attempt, (key) => api.post<RefundView>(`${path}/refunds`, wanted, key));
  tools.out.show(made, (row) => `refund ${row.id} of ${money(row.amount)}: ${row.state}`);
  return undefined;
}

function amountOf({ amount: { currency } }: PaymentView, text: string | undefined): { readonly amount?: Money } {
  if (text === undefined) return {};
  const amount = fromDecimal(text, currency);
  if (amount === null) throw new UsageError(`${text} is no amount in ${currency}, such as 12.50`);
  return { amount };
}
