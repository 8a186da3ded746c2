/** `causeway hub …`: what home wallets pay in shops of the hub's acquirers, with both amounts and the rates between them. */
import type { Command } from 'commander';
import type { Money } from '../src/base/money.ts';
import { type Adder, LIMIT, MORE } from './command.ts';
import { part } from './http.ts';
import { facts, money, table, time } from './output.ts';
import { acquirerCalled } from './participants.ts';

interface HubPaymentView {
  readonly id: string;
  readonly state: string;
  readonly scenario: string;
  readonly acquirer: { readonly participantId: string; readonly name: string };
  readonly wallet: { readonly slug: string; readonly name: string } | null;
  readonly shop: { readonly merchantId: string; readonly name: string; readonly country: string };
  readonly orderReference: string;
  readonly amount: Money;
  readonly payTo: Money | null;
  readonly settlement: Money | null;
  readonly refunded: Money;
  readonly failure: { readonly code: string; readonly message: string; readonly limitSetBy?: string } | null;
  readonly paidAt: string | null;
  readonly createdAt: string;
}

interface WholePayment extends HubPaymentView {
  readonly reference: string;
  readonly price: { readonly shownRate: string | null; readonly shownFee: Money; readonly margin: Money } | null;
  readonly discounts: readonly { readonly name: string; readonly fundedBy: string; readonly savings: Money }[];
  readonly refunds: readonly {
    readonly id: string;
    readonly state: string;
    readonly amount: Money;
    readonly payBack: Money;
    readonly settled: Money;
    readonly createdAt: string;
  }[];
  readonly timeline: readonly {
    readonly at: string;
    readonly kind: string;
    readonly lane: string;
    readonly title: string;
    readonly detail: string;
    readonly amount?: Money;
  }[];
}

interface ListOptions {
  readonly wallet?: string;
  readonly acquirer?: string;
  readonly state?: string;
  readonly limit: number;
}

export function hubCommands(program: Command, { add }: Adder): void {
  const hub = program.command('hub').description('Payments of home wallets in shops abroad');
  add<ListOptions>(hub, 'payments', 'List payments, newest first', async ({ out, api: connect }, options) => {
    const api = connect();
    const { wallet, state, limit } = options;
    const acquirer = options.acquirer === undefined ? undefined : (await acquirerCalled(api, options.acquirer)).id;
    const found = await api.list<HubPaymentView>('/v1/hub-payments', { wallet, acquirer, state }, limit);
    out.show(found, ({ data }) => paymentsText(data));
    if (found.more) out.note(MORE);
    return undefined;
  })
    .option('--wallet <wallet>', 'only those of this wallet, by its short name')
    .option('--acquirer <acquirer>', 'only those of shops of this acquirer')
    .option('--state <states>', 'only these states, with commas between them')
    .option(...LIMIT);
  add(hub, 'payment <id>', 'Show one with its rates, refunds and what happened', async ({ out, api }, _, id) => {
    out.show(await api().get<WholePayment>(`/v1/hub-payments/${part(id)}`), paymentText);
    return undefined;
  });
}

const paymentsText = (payments: readonly HubPaymentView[]): string =>
  table(
    payments,
    [
      { title: 'PAYMENT', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'WALLET', of: ({ wallet }) => wallet?.slug },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'WALLET OWES', of: ({ payTo }) => money(payTo), right: true },
      { title: 'ACQUIRER GETS', of: ({ settlement }) => money(settlement), right: true },
      { title: 'CREATED', of: ({ createdAt }) => time(createdAt) },
      // Last: letters of some countries are two columns wide.
      { title: 'SHOP', of: ({ shop }) => `${shop.name}, ${shop.country}` },
    ],
    'no such payments',
  );

function paymentText(payment: WholePayment): string {
  const { id, state, wallet, acquirer, shop, scenario, price, discounts, refunds, timeline, failure } = payment;
  return [
    facts([
      ['payment', id],
      ['state', state],
      ['wallet', wallet === null ? 'nobody has scanned it yet' : `${wallet.name} (${wallet.slug})`],
      ['shop', `${shop.name}, ${shop.country}, of ${acquirer.name}`],
      ['by', scenario.replaceAll('_', ' ')],
      ['order', payment.orderReference],
      ['amount', money(payment.amount)],
      ['wallet owes', price === null ? undefined : `${money(payment.payTo)}${rateText(price)}`],
      ['acquirer gets', payment.settlement === null ? undefined : money(payment.settlement)],
      ['our markup', price === null ? undefined : money(price.margin)],
      ...discounts.map(
        ({ name, fundedBy, savings }) => ['discount', `${money(savings)} ${name}, by ${fundedBy}`] as const,
      ),
      ['refunded', money(payment.refunded)],
      ['refused', failure === null ? undefined : `${failure.code}: ${failure.message}${setterText(failure)}`],
      ['reference', payment.reference],
      ['paid', payment.paidAt === null ? undefined : time(payment.paidAt)],
      ['created', time(payment.createdAt)],
    ]),
    ...(refunds.length === 0 ? [] : [`\nRefunds\n${refundsText(refunds)}`]),
    `\nWhat happened\n${timelineText(timeline)}`,
  ].join('\n');
}

const rateText = ({ shownRate, shownFee }: NonNullable<WholePayment['price']>): string =>
  shownRate === null ? '' : ` at ${shownRate}, of which fee ${money(shownFee)}`;

const setterText = ({ limitSetBy }: NonNullable<WholePayment['failure']>): string =>
  limitSetBy === undefined ? '' : `, a limit of ${limitSetBy}`;

const refundsText = (refunds: WholePayment['refunds']): string =>
  table(
    refunds,
    [
      { title: 'REFUND', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'TO THE WALLET', of: ({ payBack }) => money(payBack), right: true },
      { title: 'FROM THE ACQUIRER', of: ({ settled }) => money(settled), right: true },
      { title: 'CREATED', of: ({ createdAt }) => time(createdAt) },
    ],
    'none',
  );

const timelineText = (timeline: WholePayment['timeline']): string =>
  table(
    timeline,
    [
      { title: 'AT', of: ({ at, kind }) => `${time(at)}${kind === 'due' ? ' (due)' : ''}` },
      { title: 'WHO', of: ({ lane }) => lane },
      { title: 'WHAT', of: ({ title, detail }) => (detail === '' ? title : `${title}: ${detail}`) },
      { title: 'AMOUNT', of: ({ amount }) => (amount === undefined ? '' : money(amount)), right: true },
    ],
    'nothing yet',
  );
