import { Link, useParams } from '@tanstack/react-router';
import type { Payout } from '../../api/client.ts';
import { moneyText } from '../../format/money.ts';
import { partyName } from '../../format/party.ts';
import { usePayout } from '../../queries/payouts.ts';
import { Amount } from '../../ui/Amount.tsx';
import { BankAccountText } from '../../ui/BankAccountText.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { When } from '../../ui/When.tsx';
import { PayoutSteps } from './PayoutSteps.tsx';

/** What each state means to the seller who asks "where is my payout". */
const MEANING: Readonly<Record<string, string>> = {
  initiated: 'Set aside from the seller’s balance; it goes into the next file.',
  awaiting_funds: 'Waits until settled funds cover it. Nothing was sent yet.',
  filed: 'In a file that the bank has. It is booked on the expected day.',
  paid: 'The bank booked it. If the seller cannot find it, their bank finds it by the trace number.',
  returned: 'The seller’s bank sent it back; the money is on the seller’s balance again.',
  rejected: 'The bank refused it; the money is on the seller’s balance again.',
  canceled: 'Canceled before it was sent; the money is on the seller’s balance again.',
};

export function PayoutScreen() {
  const { payoutId } = useParams({ from: '/payouts/$payoutId' });
  const payout = usePayout(payoutId);
  useTitle(payout.data === undefined ? 'Payout' : moneyText(payout.data.amount), 'Payouts');
  return (
    <Loaded of={payout} what="payout">
      {(data) => <PayoutPage payout={data} />}
    </Loaded>
  );
}

function PayoutPage({ payout }: { readonly payout: Payout }) {
  return (
    <>
      <header className="page-head">
        <div className="crumb">
          <Link to="/payouts" search={{}}>
            Payouts
          </Link>
          <span className="crumb-id">
            <IdText value={payout.id} />
          </span>
        </div>
        <div className="title-row">
          <h1>
            <Amount money={payout.amount} strong />
          </h1>
          <StateBadge kind="payout" state={payout.state} />
        </div>
        <p className="lead">{MEANING[payout.state] ?? ''}</p>
      </header>
      {payout.returnReason && (
        <p className="notice tone-bad">
          {payout.returnReason.text} <code>{payout.returnReason.code}</code>
        </p>
      )}
      <PayoutSteps state={payout.state} />
      <Panel title="Details">
        <Facts
          items={[
            [
              'Seller',
              <Link key="seller" to="/sellers/$sellerId" params={{ sellerId: payout.seller.id }}>
                {partyName(payout.seller)}
              </Link>,
            ],
            ['To', <BankAccountText key="to" account={payout.bankAccount} />],
            ['Expected on (bank day)', payout.expectedOn],
            ['Trace number, for the bank', payout.trace && <span className="mono">{payout.trace}</span>],
            ['File', payout.file && <IdText value={payout.file} />],
            ['Created', <When key="created" at={payout.createdAt} named />],
          ]}
        />
      </Panel>
    </>
  );
}
