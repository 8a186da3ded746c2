import type { ReactNode } from 'react';
import type { Money } from '../api/client.ts';
import { isZero } from '../format/money.ts';
import { Amount } from './Amount.tsx';

interface Props {
  readonly name: string;
  /** Null when nothing of it has happened. */
  readonly amount: Money | null;
  readonly note: string;
  /** The part of the bar below that has its colour. */
  readonly part?: string;
  readonly children?: ReactNode;
}

/** One amount of a money strip, with its name above and what it means below. */
export function Figure({ name, amount, note, part, children }: Props) {
  const empty = amount === null || isZero(amount);
  return (
    <div className={empty ? 'figure figure-empty' : 'figure'}>
      <dt>
        {part !== undefined && <span className={`part part-${part}`} aria-hidden="true" />}
        {name}
      </dt>
      <dd>
        {amount === null ? <span className="amount faint">—</span> : <Amount money={amount} strong />}
        <span className="figure-note">
          {note}
          {children}
        </span>
      </dd>
    </div>
  );
}
