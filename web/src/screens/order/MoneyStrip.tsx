/**
 * Where the order's money is. Every figure is the server's; none is computed here. "Released" is what the seller got,
 * from the order if it says so, else from the ledger legs of the release that credit the seller. The bar below draws
 * the parts of what was captured; their widths are the figures themselves, as flex shares.
 */
import type { Money, Order, Posting } from '../../api/client.ts';
import { isZero } from '../../format/money.ts';
import { useOrderPostings } from '../../queries/orders.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Figure } from '../../ui/Figure.tsx';

export function MoneyStrip({ order }: { readonly order: Order }) {
  const postings = useOrderPostings(order).data?.data ?? [];
  const released = order.released ?? releasedIn(postings);
  const done = (order.releasedAt ?? null) !== null;
  return (
    <section className={isZero(order.disputed) ? 'money-strip' : 'money-strip of-seven'} aria-labelledby="where-money">
      <h2 id="where-money" className="visually-hidden">
        Where the money is
      </h2>
      <dl>
        <Figure name="Order total" amount={order.total} note="agreed" />
        <Figure name="Captured" amount={order.captured} note="paid in by the buyer" />
        <Figure name="Held" amount={order.held} note="under protection" part="held" />
        {!isZero(order.disputed) && (
          <Figure name="Disputed" amount={order.disputed} note="taken by disputes" part="disputed" />
        )}
        <Figure name="Refunded" amount={order.refunded} note="back to the buyer" part="refunded">
          {isZero(order.refunding) ? null : (
            <>
              , and <Amount money={order.refunding} /> on its way
            </>
          )}
        </Figure>
        <Figure
          name="Fee"
          amount={order.fee}
          note={done ? 'taken at release' : 'quoted, taken at release'}
          part="fee"
        />
        <Figure name="Released" amount={released} note="to the seller" part="released" />
      </dl>
      <div className="money-bar" aria-hidden="true">
        <Share of={order.held} part="held" />
        <Share of={order.disputed} part="disputed" />
        <Share of={order.refunding} part="refunded" />
        <Share of={order.refunded} part="refunded" />
        {done && <Share of={order.fee} part="fee" />}
        {released !== null && <Share of={released} part="released" />}
      </div>
    </section>
  );
}

const Share = ({ of: money, part }: { readonly of: Money; readonly part: string }) =>
  isZero(money) ? null : <span className={`part-${part}`} style={{ flexGrow: Number(money.value) }} />;

/** The release credits the seller in one leg. */
const releasedIn = (postings: readonly Posting[]): Money | null =>
  postings.find((leg) => leg.event === 'order.released' && leg.credit.name === 'seller')?.amount ?? null;
