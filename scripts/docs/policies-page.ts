/** docs/generated/policies.md: the protection policies, every version of them. */
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
  return page(
    'Protection policies',
    '`src/protection/policies.ts`',
    'Calendar days of business time. A policy is pinned on the order when terms are agreed, in its newest version; a later ' +
      'version never touches an order that exists.',
    table(
      ['policy', 'version', 'days to pay', 'days from shipment to automatic receipt', 'days from receipt to release'],
      rows,
    ),
  );
}
