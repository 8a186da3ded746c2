/** `causeway status` and `causeway events`: how an installation is, and what happened in it. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Adder, wholeNumber } from './command.ts';
import { facts, table, time } from './output.ts';
import type { EventView, SystemView } from './views.ts';

export function statusCommands(program: Command, { add }: Adder): void {
  add(
    program,
    'status',
    'Show how the installation is: version, clock, journal and jobs',
    async ({ out, api: connect }) => {
      const api = connect();
      out.show(await api.get<SystemView>('/v1/system'), (system) => statusText(api.url, system));
      return undefined;
    },
  );
  add<{ after: string; limit: number }>(
    program,
    'events',
    'List what happened, in order, after an event number',
    async ({ out, api }, { after, limit }) => {
      const page = await api().get<{ data: EventView[]; next: string | null }>('/v1/events', {
        after,
        limit: String(limit),
      });
      out.show(page, ({ data }) => eventsText(data));
      if (data(page) === limit) out.note(`there may be more; go on with --after ${page.next}`);
      return undefined;
    },
  )
    .option('--after <seq>', 'number of the last event you have seen', eventNumber, '0')
    .option('--limit <n>', 'at most so many (1000 at most)', wholeNumber, 100);
}

const data = (page: { readonly data: readonly unknown[] }): number => page.data.length;

function eventNumber(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('It must be the number of an event.');
  return text;
}

const statusText = (url: string, { version, sandbox, now, journal, jobs, addresses }: SystemView): string =>
  facts([
    ['address', url],
    ['version', `${version}${sandbox ? ', sandbox' : ''}`],
    ['business time', time(now)],
    ['journal', `${journal.seq} events`],
    ['jobs', `${jobs.waiting} waiting, ${jobs.due} due, ${jobs.dead} dead`],
    ['next job due', time(jobs.nextDue)],
    ['card vault', addresses.vault],
  ]);

const eventsText = (events: readonly EventView[]): string =>
  table(
    events,
    [
      { title: 'SEQ', of: ({ seq }) => seq, right: true },
      { title: 'AT', of: ({ at }) => time(at) },
      { title: 'EVENT', of: ({ type }) => type },
      { title: 'ABOUT', of: ({ subject }) => subject },
      { title: 'ITS NO.', of: ({ version }) => String(version), right: true },
    ],
    'nothing happened after that',
  );
