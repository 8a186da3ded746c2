/** docs/generated/policies.md: the protection policies, the provisions for debts and the terms of quotes, every version of them. */
import { PROVISION_POLICIES } from '../../src/debts/index.ts';
import { QUOTE_POLICIES } from '../../src/fx/index.ts';
import { POLICIES } from '../../src/protection/index.ts';
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
  return page(
    'Policies',
    '`src/protection/policies.ts`, `src/debts/policies.ts` and `src/fx/policies.ts`',
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
  );
}
