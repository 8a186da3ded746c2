/** `causeway jobs …`: work that gave up, and putting it back. */
import type { Command } from 'commander';
import type { Adder } from './command.ts';
import { part } from './http.ts';
import { table } from './output.ts';
import type { JobView } from './views.ts';

export function jobCommands(program: Command, { add }: Adder): void {
  const jobs = program.command('jobs').description('See jobs that gave up, and start them again');
  add(jobs, 'dead', 'List jobs that gave up, with their last error', async ({ out, api }) => {
    out.show(await api().get<{ data: JobView[] }>('/v1/jobs/dead'), ({ data }) => deadText(data));
    return undefined;
  });
  add(jobs, 'restart <id>', 'Put a dead job back into the queue', async ({ out, api }, _, id) => {
    out.show(
      await api().post<{ restarted: boolean }>(`/v1/jobs/${part(id)}/restart`, {}),
      () => `${id} is waiting again`,
    );
    return undefined;
  });
}

const deadText = (jobs: readonly JobView[]): string =>
  table(
    jobs,
    [
      { title: 'JOB', of: ({ id }) => id },
      { title: 'KIND', of: ({ kind }) => kind },
      { title: 'ABOUT', of: ({ subject }) => subject },
      { title: 'LAST ERROR', of: ({ lastError }) => lastError },
    ],
    'no job has given up',
  );
