/** `causeway campaign …` and `causeway voucher …`: what is given to whom, out of what, and what is left of it. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Money } from '../src/base/money.ts';
import { type Adder, LIMIT, MORE, type Tools, wholeNumber } from './command.ts';
import { UsageError } from './errors.ts';
import { part } from './http.ts';
import { facts, money, table, time } from './output.ts';

interface CampaignView {
  readonly id: string;
  readonly state: string;
  readonly name: string;
  readonly funder: { readonly by: string; readonly name?: string };
  readonly gives: { readonly kind: string };
  readonly from: string;
  readonly to: string;
  readonly budgets: readonly Money[];
}

interface CampaignShown extends CampaignView {
  readonly money: readonly { readonly left: Money; readonly reserved: Money; readonly fund: Money }[];
  readonly returns: readonly { readonly id: string; readonly state: string; readonly amount: Money }[];
}

interface VoucherView {
  readonly id: string;
  readonly state: string;
  readonly programme: string;
  readonly name: string;
  readonly sale: string;
  readonly holder: string | null;
  readonly face: Money;
  readonly left: Money;
  readonly applied: { readonly order: string } | null;
  readonly expiresAt: string;
}

export function promotionCommands(program: Command, { add }: Adder): void {
  const campaigns = program
    .command('campaign')
    .description('Campaigns: discounts and vouchers, and what pays for them');
  campaignReads(campaigns, { add });
  add(
    campaigns,
    'create <file>',
    'Write a campaign down from a JSON file, as a draft',
    async ({ out, api }, _, file) => {
      const body = readCampaignFile(file ?? '');
      out.show(await api().post<CampaignView>('/v1/campaigns', body, crypto.randomUUID()), campaignText);
      return undefined;
    },
  );
  for (const [verb, words] of MOVES)
    add(campaigns, `${verb} <id>`, words, async ({ out, api }, _, id) => {
      const path = `/v1/campaigns/${part(id)}/${verb}`;
      out.show(await api().post<CampaignView>(path, {}, crypto.randomUUID()), campaignText);
      return undefined;
    });
  const vouchers = program.command('voucher').description('Vouchers: issued, given to buyers, what is left of them');
  add<IssueOptions>(vouchers, 'issue <programme>', 'Issue free vouchers of a campaign', issue)
    .requiredOption('--marketplace <id>', 'for whose buyers')
    .option('--count <n>', 'how many, at most 100', wholeNumber, 1);
  add(vouchers, 'assign <id> <buyer>', 'Give a voucher to a buyer', async ({ out, api }, _, id, buyer) => {
    const path = `/v1/vouchers/${part(id)}/assign`;
    out.show(await api().post<VoucherView>(path, { buyer }, crypto.randomUUID()), voucherText);
    return undefined;
  });
  add(vouchers, 'show <id>', 'Show one voucher', async ({ out, api }, _, id) => {
    out.show(await api().get<VoucherView>(`/v1/vouchers/${part(id)}`), voucherText);
    return undefined;
  });
}

/** The server looks whether it is a campaign. @throws UsageError when it cannot be read or is no JSON. */
function readCampaignFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const MOVES = [
  ['launch', 'Let a campaign give'],
  ['pause', 'Let a campaign give nothing for now'],
  ['end', 'End a campaign for good'],
] as const;

function campaignReads(campaigns: Command, { add }: Adder): void {
  add<{ state?: string; limit: number }>(
    campaigns,
    'list',
    'List campaigns, newest first',
    async ({ out, api }, { state, limit }) => {
      const found = await api().list<CampaignView>('/v1/campaigns', { state }, limit);
      out.show(found, ({ data }) => listText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .option('--state <states>', 'only these, separated by commas, such as live,paused')
    .option(...LIMIT);
  add(campaigns, 'show <id>', 'Show one campaign with its money', async ({ out, api }, _, id) => {
    out.show(await api().get<CampaignShown>(`/v1/campaigns/${part(id)}`), shownText);
    return undefined;
  });
}

interface IssueOptions {
  readonly marketplace: string;
  readonly count: number;
}

async function issue({ out, api }: Tools, { marketplace, count }: IssueOptions, programme = ''): Promise<undefined> {
  const body = { programme, marketplace, count };
  const issued = await api().post<{ data: VoucherView[] }>('/v1/vouchers', body, crypto.randomUUID());
  out.show(issued, ({ data }) =>
    data.map(({ id, face, expiresAt }) => `${id}  ${money(face)}  until ${time(expiresAt)}`).join('\n'),
  );
  return undefined;
}

const listText = (campaigns: readonly CampaignView[]): string =>
  table(
    campaigns,
    [
      { title: 'CAMPAIGN', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'GIVES', of: ({ gives }) => gives.kind },
      { title: 'PAID BY', of: ({ funder }) => funder.name ?? funder.by },
      { title: 'FROM', of: ({ from }) => time(from) },
      { title: 'TO', of: ({ to }) => time(to) },
      { title: 'NAME', of: ({ name }) => name },
    ],
    'no such campaigns',
  );

const campaignText = ({ id, name, state, gives, funder, from, to }: CampaignView): string =>
  facts([
    ['campaign', id],
    ['name', name],
    ['state', state],
    ['gives', gives.kind],
    ['paid by', funder.name ?? funder.by],
    ['from', time(from)],
    ['to', time(to)],
  ]);

const shownText = (campaign: CampaignShown): string =>
  [
    campaignText(campaign),
    table(
      campaign.money,
      [
        { title: 'LEFT', of: ({ left }) => money(left), right: true },
        { title: 'RESERVED', of: ({ reserved }) => money(reserved), right: true },
        { title: 'FUND', of: ({ fund }) => money(fund), right: true },
      ],
      'no budget yet',
    ),
    ...campaign.returns.map(({ id, state, amount }) => `${id}  ${money(amount)} back to the sponsor: ${state}`),
  ].join('\n\n');

const voucherText = (voucher: VoucherView): string =>
  facts([
    ['voucher', voucher.id],
    ['state', voucher.state],
    ['of', `${voucher.name} (${voucher.programme}), ${voucher.sale}`],
    ['worth', money(voucher.face)],
    ['left', money(voucher.left)],
    ['holder', voucher.holder ?? 'nobody yet'],
    ['applied to', voucher.applied?.order ?? 'no order'],
    ['good until', time(voucher.expiresAt)],
  ]);
