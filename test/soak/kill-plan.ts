/** Which processes are killed when: drawn from the seed before anything runs, every kind about equally often. */
import type { SeededRandom } from '../../src/base/random.ts';
import type { Role } from './processes.ts';

export const KILL_KINDS = ['program', 'postgres', 'network', 'vault', 'several'] as const;
export type KillKind = (typeof KILL_KINDS)[number];

export interface Kill {
  readonly kind: KillKind;
  readonly roles: readonly Role[];
  /** Wall milliseconds of traffic (or of advancing) before it. */
  readonly afterMs: number;
  /** In the middle of advancing the clock, when jobs, files and statements are being worked on. */
  readonly whileAdvancing: boolean;
  /** Business hours to advance once everything is back; 0: none. */
  readonly thenAdvanceHours: number;
}

/** Together they meet what each alone does not: a keeper that cannot stop its PostgreSQL, a file with nobody to take it. */
const TOGETHER: readonly (readonly Role[])[] = [
  ['program', 'keeper'],
  ['acquirer', 'postgres'],
  ['bank', 'acquirer', 'clock'],
  ['program', 'postgres'],
  ['vault', 'acquirer'],
  ['postgres', 'vault', 'bank'],
];

export function planKills(random: SeededRandom, count: number): readonly Kill[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = KILL_KINDS[index % KILL_KINDS.length] as KillKind;
    const round = Math.floor(index / KILL_KINDS.length);
    const whileAdvancing = kind !== 'vault' && random.chance(0.35);
    return {
      kind,
      roles: rolesOf(kind, round),
      afterMs: whileAdvancing ? random.integer(20, 400) : random.integer(100, 900),
      whileAdvancing,
      thenAdvanceHours: random.chance(0.3) ? random.integer(18, 30) : random.chance(0.4) ? 0.02 : 0,
    };
  });
}

function rolesOf(kind: KillKind, round: number): readonly Role[] {
  switch (kind) {
    case 'postgres':
      return [round % 4 === 3 ? 'keeper' : 'postgres'];
    case 'network':
      return [(['acquirer', 'bank', 'clock'] as const)[round % 3] as Role];
    case 'several':
      return TOGETHER[round % TOGETHER.length] as readonly Role[];
    default:
      return [kind];
  }
}
