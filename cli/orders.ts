/** `causeway orders …`: find an order, and see its whole life: terms, timeline of goods and money, postings. */
import type { Command } from 'commander';
import { type Adder, LIMIT, MORE } from './command.ts';
import { part } from './http.ts';
import { facts, money, table, time } from './output.ts';
import type { OrderView, Posting, TimelineItem } from './views.ts';

interface OrderShown {
  readonly order: OrderView;
  readonly timeline: readonly TimelineItem[];
  readonly postings: readonly Posting[];
}

export function orderCommands(program: Command, { add }: Adder): void {
  const orders = program.command('orders').description('Find orders and see their lives');
  add<{ state?: string; q?: string; limit: number }>(
    orders,
    'ls',
    'List orders, newest first',
    async ({ out, api }, { state, q, limit }) => {
      const found = await api().list<OrderView>('/v1/orders', { state, q }, limit);
      out.show(found, ({ data }) => listText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .option('--state <states>', 'only these, separated by commas, such as paid,shipped')
    .option('-q, --q <text>', 'reference, id or part of the description')
    .option(...LIMIT);
  add(orders, 'show <id>', 'Show one order with its timeline and postings', async ({ out, api: connect }, _, id) => {
    const [api, path] = [connect(), `/v1/orders/${part(id)}`];
    const [order, timeline, postings] = await Promise.all([
      api.get<OrderView>(path),
      api.get<{ data: TimelineItem[] }>(`${path}/timeline`),
      api.get<{ data: Posting[] }>(`${path}/postings`),
    ]);
    out.show<OrderShown>({ order, timeline: timeline.data, postings: postings.data }, orderText);
    return undefined;
  });
}

const listText = (orders: readonly OrderView[]): string =>
  table(
    orders,
    [
      { title: 'ORDER', of: ({ id }) => id },
      { title: 'REFERENCE', of: ({ reference }) => reference },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'TOTAL', of: ({ total }) => money(total), right: true },
      { title: 'HELD', of: ({ held }) => money(held), right: true },
      { title: 'BUYER', of: ({ buyer }) => buyer.name ?? buyer.id },
      { title: 'SELLER', of: ({ seller }) => seller.name ?? seller.id },
      { title: 'CREATED', of: ({ createdAt }) => time(createdAt) },
    ],
    'no such orders',
  );

function orderText({ order, timeline, postings }: OrderShown): string {
  const { seller, buyer, policy } = order;
  return [
    facts([
      ['order', order.id],
      ['reference', `${order.reference}: ${order.description}`],
      ['state', order.state],
      ['buyer', `${buyer.name ?? '–'} (${buyer.id})`],
      ['seller', `${seller.name ?? '–'} (${seller.id})`],
      ['total', money(order.total)],
      ...order.instalments.map(
        ({ number, amount, due, state, payment }) =>
          [
            `instalment ${number}`,
            `${money(amount)}, due ${due.replace('_', ' ')}, ${state}${payment === null ? '' : ` by ${payment}`}`,
          ] as const,
      ),
      ['captured', money(order.captured)],
      ['refunded', money(order.refunded)],
      ['held', money(order.held)],
      ['fee', money(order.fee)],
      ['released', money(order.released)],
      ['policy', `${policy.name}, version ${policy.version}`],
    ]),
    `\nTimeline (○ is due)\n${timelineText(timeline)}`,
    `\nPostings\n${postingsText(postings)}`,
  ].join('\n');
}

const timelineText = (items: readonly TimelineItem[]): string =>
  table(
    items,
    [
      { title: '', of: ({ kind }) => (kind === 'due' ? '○' : '●') },
      { title: 'AT', of: ({ at }) => time(at) },
      { title: 'LANE', of: ({ lane }) => lane },
      { title: 'WHAT', of: ({ title, detail }) => (detail === '' ? title : `${title}: ${detail}`) },
      { title: 'AMOUNT', of: ({ amount }) => (amount === undefined ? '' : money(amount)), right: true },
    ],
    'nothing yet',
  );

const postingsText = (postings: readonly Posting[]): string =>
  table(
    postings,
    [
      { title: 'SEQ', of: ({ seq, leg }) => `${seq}.${leg}`, right: true },
      { title: 'AT', of: ({ at }) => time(at) },
      { title: 'EVENT', of: ({ event }) => event },
      { title: 'DEBIT', of: ({ debit }) => debit.name },
      { title: 'CREDIT', of: ({ credit }) => credit.name },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
    ],
    'nothing posted yet',
  );
