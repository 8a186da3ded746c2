/** A card vault in memory. It keeps the port: one card of a token, told to its owner only. The test may put it out of reach. */
import { newId } from '../../src/base/ids.ts';
import type { CardOwner } from '../../src/connectors/ports/card-acquirer.ts';
import type { CardVault, StoredCard } from '../../src/connectors/ports/card-vault.ts';
import { NetworkFault } from '../../src/connectors/ports/network-http.ts';

interface Kept extends StoredCard {
  readonly buyer: string;
  readonly madeFrom: string;
}

export interface FakeVault extends CardVault {
  /** `before`: nothing arrives. `after`: it does what it is asked, and the answer is lost. */
  outOfReach: 'no' | 'before' | 'after';
  /** Why it will not store, if it will not. */
  refuses: string | null;
  /** Of the cards it stores next. */
  expires: { readonly expiryMonth: number; readonly expiryYear: number };
  /** Of the cards it stores next. */
  fingerprint: string;
  /** Everything it holds, by token. */
  readonly cards: Map<string, Kept>;
}

/** Knows every token of the right form that it has not stored itself, as the marketplace's. */
export function fakeVault(marketplace: string): FakeVault {
  const cards = new Map<string, Kept>();
  const answered = async <Value>(act: () => Value): Promise<Value> => {
    if (vault.outOfReach === 'before') throw new NetworkFault('vault: ECONNREFUSED', 'no');
    const value = act();
    if (vault.outOfReach === 'after') throw new NetworkFault('vault: cut', 'maybe');
    return value;
  };
  const isOwn = (card: Kept, owner: CardOwner | undefined): boolean =>
    owner?.marketplace === card.marketplace && owner.buyer === card.buyer;
  const vault: FakeVault = {
    outOfReach: 'no',
    refuses: null,
    fingerprint: 'fp_1',
    expires: { expiryMonth: 12, expiryYear: 2031 },
    cards,
    describe: (token, owner) =>
      answered(() => {
        const kept = cards.get(token);
        if (kept !== undefined) return isOwn(kept, owner) ? kept : null;
        const known = token.startsWith('tok_') && owner === undefined;
        return known ? { token, marketplace, brand: 'visa', last4: '1111' } : null;
      }),
    store: ({ token, agreement, ...owner }) =>
      answered(() => {
        if (vault.refuses !== null) return { outcome: 'refused', code: vault.refuses };
        const there = [...cards.values()].find(({ madeFrom }) => madeFrom === token);
        const facts = {
          token: newId('tok'),
          brand: 'visa',
          last4: '1111',
          fingerprint: vault.fingerprint,
          ...vault.expires,
        };
        const card = there ?? { ...facts, ...owner, agreement, madeFrom: token };
        cards.set(card.token, card);
        return { outcome: 'stored', card };
      }),
    list: (owner) => answered(() => [...cards.values()].filter((card) => isOwn(card, owner)).reverse()),
    remove: (token, owner) =>
      answered(() => {
        const kept = cards.get(token);
        return kept !== undefined && isOwn(kept, owner) && cards.delete(token);
      }),
  };
  return vault;
}
