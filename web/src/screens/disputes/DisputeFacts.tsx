import { Link } from '@tanstack/react-router';
import type { DisputeWithHistory } from '../../api/client.ts';
import { channelWords, stageWords } from '../../format/dispute-words.ts';
import { shortId } from '../../format/id.ts';
import { partyName } from '../../format/party.ts';
import { Facts } from '../../ui/Facts.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

/** What the dispute is about, and who bears a fraud. */
export function DisputeFacts({ dispute }: { readonly dispute: DisputeWithHistory }) {
  const { reason, seller, joined } = dispute;
  return (
    <Panel title="About">
      <Facts
        rows
        items={[
          [
            'Reason code',
            <span key="code" className="mono">
              {reason.code}
            </span>,
          ],
          ['Channel', channelWords(dispute.channel)],
          ['Stage', stageWords(dispute.stage)],
          [
            'Liability',
            dispute.liabilityShift
              ? 'The issuer’s for fraud: the cardholder was authenticated'
              : 'The seller’s: the cardholder was not authenticated',
          ],
          [
            'Order',
            <Link key="order" to="/orders/$orderId" params={{ orderId: dispute.order }}>
              {dispute.orderReference ?? shortId(dispute.order)}
            </Link>,
          ],
          [
            'Seller',
            <Link key="seller" to="/sellers/$sellerId" params={{ sellerId: seller.id }}>
              {partyName(seller)}
            </Link>,
          ],
          ['Payment', <IdText key="payment" value={dispute.payment} />],
          [
            'Network id',
            <span key="network" className="mono">
              {dispute.networkId}
            </span>,
          ],
          ['Opened', <When key="opened" at={dispute.openedAt} named />],
          ['Ended', dispute.endedAt && <When key="ended" at={dispute.endedAt} named />],
          ['Same case', joined.length > 0 && <Joined key="joined" joined={joined} />],
        ]}
      />
    </Panel>
  );
}

function Joined({ joined }: Pick<DisputeWithHistory, 'joined'>) {
  return joined.map(({ id, state }) => (
    <span key={id} className="joined">
      <Link to="/disputes/$disputeId" params={{ disputeId: id }}>
        {shortId(id)}
      </Link>{' '}
      {state.replaceAll('_', ' ')}
    </span>
  ));
}
