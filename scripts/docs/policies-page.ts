/** docs/generated/policies.md: the protection policies and the provisions for debts, every version of them. */
import { PROVISION_POLICIES } from '../../src/debts/index.ts';
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
  return page(
    'Policies',
    '`src/protection/policies.ts` and `src/debts/policies.ts`',
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
  );
}
