/** How far a payout has come, as steps; the one that ended it badly is named in its place. */
import { lookOf } from '../../format/states.ts';

const WAY: readonly string[] = ['initiated', 'filed', 'paid'];
/** The step at which each other state stands. */
const STANDS_AT: Readonly<Record<string, number>> = { awaiting_funds: 0, canceled: 1, rejected: 2, returned: 2 };

export function PayoutSteps({ state }: { readonly state: string }) {
  const onWay = WAY.indexOf(state);
  const reached = onWay === -1 ? (STANDS_AT[state] ?? 0) : onWay;
  const steps = WAY.map((step, index) => (index === reached ? state : step)).slice(0, state === 'canceled' ? 2 : 3);
  return (
    <ol className="steps" aria-label="Progress">
      {steps.map((step, index) => {
        const { label, tone } = lookOf('payout', step);
        return (
          <li key={step} className={index > reached ? 'ahead-step' : `tone-${tone}`}>
            <span className="mark" aria-hidden="true" />
            {label}
            {index === reached && <span className="visually-hidden"> (now)</span>}
          </li>
        );
      })}
    </ol>
  );
}
