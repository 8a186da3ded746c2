/** Clearing files as a shop's acquirer gets them, put beside the acquirer's own books. */
import type { Till } from './hub-scene.ts';
import type { StoryContext } from './story.ts';
import type { World } from './world.ts';

export interface Compared {
  readonly lines: number;
  readonly total: string;
  readonly differences: readonly object[];
}

interface FileView {
  readonly path: string;
  readonly name: string;
  readonly lines: number;
  readonly total: { readonly value: string; readonly currency: string };
}

/** Files of a participant that were made in the morning after a day of UTC+8. */
export async function filesOfDay(world: World, participantId: string, day: string): Promise<readonly FileView[]> {
  const made = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  const path = `/v1/settlements/clearing/${participantId}/${made}`;
  return (await world.operator.get<{ data: readonly FileView[] }>(path)).data;
}

/** The file of one day in the till's currency, read by the shops beside their books. */
export async function comparedFile({ world }: StoryContext, till: Till, day: string): Promise<Compared> {
  const start = `transactionItems_${till.acquirerId}_${till.currency}_${day.replaceAll('-', '')}A`;
  const files = await filesOfDay(world, till.acquirerId, day);
  const file = files.find(({ name }) => name.startsWith(start));
  if (file === undefined) throw new Error(`no file of ${till.acquirer} for ${day}`);
  const content = await world.operator.get<string>(file.path);
  return world.shops.post<Compared>('/_sandbox/clearing-file', {
    ...{ acquirerId: till.acquirer, name: file.name, content, day },
  });
}
