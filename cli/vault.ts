/**
 * `causeway vault …`: the vault's keys, over the API like every other command: the operator's key is enough, and the vault's
 * secret stays with the server. A rotation runs in the vault; the command line only watches it. Broken off, the same command
 * goes on where it stopped and makes no further key.
 */
import { type Command, Option } from 'commander';
import { instant, sleep, wallNow } from '../src/base/clock.ts';
import type { Adder, Tools } from './command.ts';
import { type ExitCode, Unreachable } from './errors.ts';
import { age, count, facts, table, time } from './output.ts';
import type { Progress } from './progress.ts';
import type { KeyReportView, KeyRotationView } from './views.ts';

/** Counting the cards of each key is work for the vault: no need to ask more often. */
const LOOK_MS = 500;

export function vaultCommands(program: Command, { add }: Adder): void {
  const vault = program.command('vault').description('See and rotate the keys of the card vault');
  add(vault, 'keys', 'List the keys: ids, ages, what is under each', async ({ out, api }) => {
    // Keys age by the wall clock, in the sandbox too.
    const now = instant(wallNow());
    out.show(await api().get<KeyReportView>('/v1/vault/keys'), (report) => keysText(report, now));
    return undefined;
  });
  add<{ what: 'root' | 'data' }>(
    vault,
    'rotate-keys',
    'Wrap every data key by a fresh key-encryption key, or seal new cards with a fresh data key',
    rotate,
  ).addOption(
    new Option('--what <key>', 'root: the key-encryption key; data: the key that seals new cards')
      .choices(['root', 'data'])
      .default('root'),
  );
  add(
    vault,
    'remove-key <id>',
    'Throw an old key-encryption key away; backups from before the rotation need it',
    async ({ out, api }, _, id) => {
      out.show(await api().post<{ removed: boolean }>('/v1/vault/keys/remove', { rootKey: id }), () => `${id} is gone`);
      return undefined;
    },
  );
}

async function rotate(tools: Tools, { what }: { readonly what: 'root' | 'data' }): Promise<ExitCode | undefined> {
  const api = tools.api();
  const before = await api.get<KeyReportView>('/v1/vault/keys');
  const asked = api.post<KeyRotationView>('/v1/vault/keys/rotate', { what });
  const answer = await watch(tools, asked, before).catch((error: unknown) => throwWithAdvice(error));
  tools.out.show(answer, (rotation) => rotationText(rotation, before));
  return undefined;
}

/** The rotation's answer; how far it is, until then. */
async function watch(tools: Tools, asked: Promise<KeyRotationView>, before: KeyReportView): Promise<KeyRotationView> {
  const answered = new AbortController();
  const outcome = asked.finally(() => answered.abort());
  // It may fail while a look is under way; it is thrown below all the same.
  outcome.catch(() => undefined);
  const progress = tools.out.progress();
  try {
    while (!answered.signal.aborted) {
      await sleep(LOOK_MS, answered.signal).catch(() => undefined);
      if (!answered.signal.aborted) await look(tools, before, progress);
    }
    return await outcome;
  } finally {
    progress.end();
  }
}

/** A look that fails tells nothing: the rotation's own answer does. */
async function look(tools: Tools, before: KeyReportView, progress: Progress): Promise<void> {
  const report = await tools
    .api()
    .get<KeyReportView>('/v1/vault/keys')
    .catch(() => null);
  if (report === null || (before.toRewrap === 0 && currentOf(report) === currentOf(before))) return;
  const { dataKeys, toRewrap } = report;
  const done = dataKeys.length - toRewrap;
  progress.show(done, dataKeys.length, `${done} of ${count(dataKeys.length, 'data key')} under the new key`);
}

const currentOf = ({ rootKeys }: KeyReportView): string | undefined => rootKeys.find(({ current }) => current)?.id;

function throwWithAdvice(error: unknown): never {
  if (!(error instanceof Unreachable)) throw error;
  throw new Unreachable(`${error.message}\nThe rotation may have begun. The same command goes on where it stopped.`, {
    cause: error,
  });
}

function rotationText(rotation: KeyRotationView, before: KeyReportView): string {
  if (rotation.what === 'data') return `new cards are sealed with ${rotation.dataKey}; older cards stay under theirs`;
  const old = before.rootKeys.map(({ id }) => id).filter((id) => id !== rotation.rootKeyId);
  return [
    `${count(rotation.rewrapped, 'data key')} wrapped anew by ${rotation.rootKeyId}${rotation.resumed ? '; an unfinished rotation is finished' : ''}`,
    ...old.map((id) => `${id} stays for old backups, until causeway vault remove-key ${id}`),
  ].join('\n');
}

function keysText(report: KeyReportView, now: string): string {
  const { provider, rootKeys, dataKeys, toRewrap } = report;
  return [
    facts([
      ['kept in', provider === 'kms' ? 'a KMS' : 'the sealed key file'],
      [
        'to re-wrap',
        toRewrap === 0 ? 'none' : `${count(toRewrap, 'data key')}; causeway vault rotate-keys finishes it`,
      ],
    ]),
    `\nKey-encryption keys\n${table(
      rootKeys,
      [
        { title: 'KEY', of: ({ id }) => id },
        { title: 'CURRENT', of: ({ current }) => (current ? 'yes' : 'no') },
        { title: 'DATA KEYS', of: ({ wraps }) => count(wraps), right: true },
        { title: 'AGE', of: ({ registeredAt }) => (registeredAt === null ? '–' : age(registeredAt, now)), right: true },
        { title: 'SINCE', of: ({ registeredAt }) => time(registeredAt) },
      ],
      'none',
    )}`,
    `\nData keys\n${table(
      dataKeys,
      [
        { title: 'KEY', of: ({ id }) => id },
        { title: 'FOR', of: ({ purpose }) => purpose },
        { title: 'CURRENT', of: ({ current }) => (current ? 'yes' : 'no') },
        { title: 'CARDS', of: ({ cards, purpose }) => (purpose === 'card' ? count(cards) : ''), right: true },
        { title: 'AGE', of: ({ createdAt }) => age(createdAt, now), right: true },
        { title: 'SINCE', of: ({ createdAt }) => time(createdAt) },
        { title: 'WRAPPED BY', of: ({ rootKey }) => rootKey },
      ],
      'none',
    )}`,
  ].join('\n');
}
