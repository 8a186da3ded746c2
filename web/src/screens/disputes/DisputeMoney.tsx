import type { DisputeWithHistory } from '../../api/client.ts';
import { Figure } from '../../ui/Figure.tsx';

/** What the network took, and whose money stands for it. Every figure is the server's; none is computed here. */
export function DisputeMoney({ dispute }: { readonly dispute: DisputeWithHistory }) {
  const { taken, fees, cover } = dispute.money;
  const frozen = dispute.endedAt === null ? 'frozen' : 'gone';
  return (
    <section className="money-strip" aria-labelledby="dispute-money">
      <h2 id="dispute-money" className="visually-hidden">
        What it did to the money
      </h2>
      <dl>
        <Figure name="Taken" amount={taken} note="by the network, now" />
        <Figure name="Network fees" amount={fees} note="the operator’s" />
        <Figure name="From the order" amount={cover?.held ?? null} note={`${frozen}, of what was held`} />
        <Figure name="From the reserve" amount={cover?.reserve ?? null} note={`${frozen}, of the seller’s reserve`} />
        <Figure name="From the balance" amount={cover?.seller ?? null} note={`${frozen}, of the seller’s balance`} />
        <Figure name="Debt" amount={cover?.debt ?? null} note="of the seller to us" />
      </dl>
    </section>
  );
}
