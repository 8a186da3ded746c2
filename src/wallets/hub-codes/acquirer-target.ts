/** Where an acquirer is reached, and what its answers are signed with; null for one that only asks. */
import type { AcquirerTarget } from '../../connectors/ports/shop-acquirer.ts';
import type { Participant } from '../../parties/index.ts';

export function acquirerTarget({ participantId, keys, acquirer }: Participant): AcquirerTarget | null {
  const endpoint = acquirer?.endpoint ?? null;
  return endpoint === null ? null : { participantId, endpoint, keys: keys.filter(({ state }) => state === 'active') };
}
