/**
 * Facts of tokens that are asked for together, by one call of the vault: every payment begins with such a look, and the
 * call costs more than the facts. A stored card is asked for by itself, under its owner's name.
 */
import { gather } from '../base/gather.ts';
import type { CardFacts } from '../connectors/ports/card-vault.ts';

/** As many as the vault answers at a time. */
const TOGETHER = { atOnce: 2, most: 100 };

/** `ask` answers with the cards it knows, in any order; a token that is not among them is unknown. */
export function gatherFacts(
  ask: (tokens: readonly string[]) => Promise<{ readonly cards: readonly CardFacts[] }>,
): (token: string) => Promise<CardFacts | null> {
  return gather(TOGETHER, async (tokens: readonly string[]) => {
    const { cards } = await ask([...new Set(tokens)]);
    const known = new Map(cards.map((card) => [card.token, card]));
    return tokens.map((token) => known.get(token) ?? null);
  });
}
