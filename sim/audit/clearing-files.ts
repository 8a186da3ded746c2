/** The clearing files, as their participants read them: every line of every day, in the order of time. */
import type { Page } from '../../stories/views.ts';
import type { World } from '../../stories/world.ts';

export interface Cycle {
  readonly id: string;
  readonly state: string;
  readonly day: string;
  readonly closedAt: string | null;
}

/** `transactionItems` of one batch. */
export interface ItemsFile {
  readonly participantId: string;
  /** The cycle's, in UTC+8. */
  readonly day: string;
  readonly name: string;
  readonly parts: readonly string[];
  readonly lines: readonly Line[];
}

export interface Line {
  readonly type: string;
  readonly requestId: string;
  readonly counterpart: string;
  readonly amount: bigint;
}

/** Oldest first. */
export async function cyclesOf({ operator }: World): Promise<readonly Cycle[]> {
  const found: Cycle[] = [];
  for (let cursor = ''; ; ) {
    const page = await operator.get<Page<Cycle>>(`/v1/clearing/cycles?limit=100${cursor}`);
    found.push(...page.data);
    if (page.next === null) return found.reverse();
    cursor = `&cursor=${page.next}`;
  }
}

const EAST_8_MS = 8 * 3_600_000;
const dateEast8 = (at: string): string =>
  new Date(Date.parse(at) + EAST_8_MS).toISOString().slice(0, 10).replaceAll('-', '');

export async function itemsOf(
  { operator }: World,
  participantId: string,
  cycles: readonly Cycle[],
): Promise<readonly ItemsFile[]> {
  type File = { readonly path: string; readonly name: string };
  const files: ItemsFile[] = [];
  const dates = new Set(cycles.flatMap(({ closedAt }) => (closedAt === null ? [] : [dateEast8(closedAt)])));
  for (const date of dates) {
    const { data } = await operator.get<{ data: readonly File[] }>(`/v1/settlements/clearing/${participantId}/${date}`);
    const batches = Map.groupBy(
      data.filter(({ name }) => name.startsWith('transactionItems_')),
      ({ name }) => name.split('_').slice(0, 4).join('_'),
    );
    for (const parts of batches.values()) {
      const texts = await Promise.all(parts.map(({ path }) => operator.get<string>(path)));
      const { name } = parts[0] as File;
      files.push({ participantId, day: dayOf(name), name, parts: texts, lines: texts.flatMap(linesOf) });
    }
  }
  return files;
}

/** A batch begins with the day of its cycle: `20260105A`. */
const dayOf = (name: string): string => (name.split('_')[3] ?? '').replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');

function linesOf(text: string): readonly Line[] {
  const rows = text.trimEnd().split('\r\n');
  const header = (rows[3] ?? '').split(',');
  return rows.slice(4).map((row) => {
    const cells = row.split(',');
    // No name of a world has a comma in it, so cells need no quotes.
    const of = (column: string): string => cells[header.indexOf(column)] ?? '';
    return {
      ...{
        type: of('transactionType'),
        requestId: of('transactionRequestId'),
        counterpart: of('counterParticipantId'),
      },
      amount: BigInt(of('transactionAmountValue')),
    };
  });
}
