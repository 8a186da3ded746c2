import type { Money } from '../api/client.ts';
import { amountText, isZero, moneyText } from '../format/money.ts';

/** An amount with tabular numerals; the currency is small and always there. Zero is faint unless `strong`. */
export function Amount({ money, strong = false }: { readonly money: Money; readonly strong?: boolean }) {
  const faint = !strong && isZero(money);
  return (
    <span className={`amount${strong ? ' amount-strong' : ''}${faint ? ' faint' : ''}`} title={moneyText(money)}>
      <span className="amount-currency">{money.currency}</span> {amountText(money)}
    </span>
  );
}
