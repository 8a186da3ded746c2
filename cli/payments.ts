/** `causeway payments …`: one payment, its moves, and what has no outcome yet. Resolving by hand is signed with evidence. */
import { type Command, Option } from 'commander';
import { type Adder, wholeNumber } from './command.ts';
import { part } from './http.ts';
import { age, money, table } from './output.ts';
import { paymentMoveCommands } from './payment-moves.ts';
import { paymentText } from './payment-text.ts';
import type { OperationView, PaymentView, SystemView } from './views.ts';

interface OpenOperations {
  readonly now: string;
  readonly data: readonly OperationView[];
}

export function paymentCommands(program: Command, { add }: Adder): void {
  const payments = program
    .command('payments')
    .description('See payments, capture and refund them, and close what a network left open');
  add(payments, 'show <id>', 'Show one payment with its operations and refunds', async ({ out, api }, _, id) => {
    out.show(await api().get<PaymentView>(`/v1/payments/${part(id)}`), paymentText);
    return undefined;
  });
  add<{ olderThan?: number }>(
    payments,
    'unknown',
    'List operations without an outcome: whose they are and how old',
    async ({ out, api: connect }, { olderThan }) => {
      const api = connect();
      const olderThanMinutes = olderThan === undefined ? undefined : String(olderThan);
      const { data } = await api.get<{ data: OperationView[] }>('/v1/operations', { olderThanMinutes });
      const { now } = await api.get<SystemView>('/v1/system');
      out.show<OpenOperations>({ now, data }, unknownText);
      return undefined;
    },
  ).option('--older-than <minutes>', 'only those this old; by default the installation’s own limit', wholeNumber);
  paymentMoveCommands(payments, { add });
  resolveCommand(payments, { add });
}

function resolveCommand(payments: Command, { add }: Adder): void {
  add<{ outcome: string; evidence: string; reason: string }>(
    payments,
    'resolve <operation>',
    'Close an operation by hand, when no inquiry will ever tell its outcome',
    async ({ out, api }, { outcome, evidence, reason }, operation) => {
      const body = { outcome, evidence, reason };
      out.show(await api().post<PaymentView>(`/v1/operations/${part(operation)}/resolve`, body), paymentText);
      return undefined;
    },
  )
    .addOption(
      new Option('--outcome <outcome>', 'what became of it at the network')
        .choices(['approved', 'declined'])
        .makeOptionMandatory(),
    )
    .requiredOption('--evidence <text>', 'what proves it: a network’s reference, a statement line, a letter')
    .requiredOption('--reason <text>', 'why it is closed by hand; kept with your key’s name');
}

const unknownText = ({ now, data }: OpenOperations): string =>
  table(
    data,
    [
      { title: 'OPERATION', of: ({ id }) => id },
      { title: 'KIND', of: ({ kind }) => kind },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'AGE', of: ({ at }) => age(at, now), right: true },
      { title: 'OWNER', of: ({ owner }) => owner },
      { title: 'REFERENCE', of: ({ reference }) => reference },
      { title: 'PAYMENT', of: ({ payment }) => payment },
    ],
    'every operation of that age has its outcome',
  );
