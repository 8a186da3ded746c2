/** docs/generated/policies.md: protection, provisions for debts, terms of quotes, disputes of wallets; every version of them. */
import { PROVISION_POLICIES } from '../../src/debts/index.ts';
import { QUOTE_POLICIES } from '../../src/fx/index.ts';
import { POLICIES } from '../../src/protection/index.ts';
import { WALLET_DISPUTE_POLICIES } from '../../src/wallets/index.ts';
import { code, page, table } from './page.ts';

export function policiesPage(): string {
  const rows = POLICIES.map((policy) => [
    code(policy.name),
    String(policy.version),
    String(policy.payWithinDays),
    String(policy.autoReceiptDays),
    String(policy.releaseAfterReceiptDays),
  ]);
  const provisions = PROVISION_POLICIES.flatMap(({ name, version, classes }) =>
    classes.map(({ fromDays, percent }) => [code(name), String(version), String(fromDays), String(percent)]),
  );
  const quotes = QUOTE_POLICIES.map(({ use, version, markupBps, validMs, maxAgeMs }) => [
    code(use),
    ...[version, markupBps, validMs / 60_000, maxAgeMs / 60_000].map(String),
  ]);
  const disputes = WALLET_DISPUTE_POLICIES.map((policy) => [
    code(policy.kind),
    ...[policy.version, policy.most, policy.withinDays, policy.nextWithinDays ?? 'the same', policy.answerDays].map(
      String,
    ),
    policy.silence === 'accepted' ? 'accepted in full' : 'lapses',
    String(policy.refundDays),
  ]);
  return page(
    'Policies',
    '`src/protection/policies.ts`, `src/debts/policies.ts`, `src/fx/policies.ts` and `src/wallets/escalations/policies.ts`',
    '## Protection',
    'Calendar days of business time. A policy is pinned on the order when terms are agreed, in its newest version; a later ' +
      'version never touches an order that exists.',
    table(
      ['policy', 'version', 'days to pay', 'days from shipment to automatic receipt', 'days from receipt to release'],
      rows,
    ),
    '## Provisions for debts',
    'An accounting estimate, pinned to nothing: every day each open debt is brought to the share of its age, by the newest version.',
    table(['policy', 'version', 'from days', 'percent of what is left'], provisions),
    '## Quotes',
    'By what the exchange is used for; pinned on each quote. The markup is our part of the rate.',
    table(['use', 'version', 'markup, basis points', 'holds, minutes', 'rates not older than, minutes'], quotes),
    '## Disputes of wallets',
    'Calendar days of business time; pinned on each dispute. One dispute of a payment is open at a time, whichever its kind.',
    table(
      [
        'kind',
        'version',
        'at most',
        'days from the payment',
        'for a further one, days from the last answer',
        'days to answer',
        'no answer',
        'days to refund',
      ],
      disputes,
    ),
  );
}
