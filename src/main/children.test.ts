import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sleep } from '../base/clock.ts';
import { type Child, type ChildExit, startChild } from './children.ts';

const LISTENING = `
  import { createServer } from 'node:http';
  const server = createServer((_, answer) => answer.end(String(process.pid)));
  server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.({ ready: true, port: server.address().port }));
  process.on('disconnect', () => process.exit(0));`;

test('a companion tells its port, is restarted there after kill -9, and is gone after stop', async (t) => {
  const { start, logsDir } = world(t, `${LISTENING}\nconsole.log('hello from', process.env.GREETING);`);
  const child = await start({ PORT: '0', GREETING: 'a test' });
  const exits: ChildExit[] = [];
  child.onExit((exit) => exits.push(exit));
  const first = await answerOf(child);
  assert.equal(first, String(child.pid));

  process.kill(Number(first), 'SIGKILL');
  const second = await until(async () => {
    const answer = await answerOf(child).catch(() => null);
    return answer === null || answer === first ? null : answer;
  });
  assert.equal(second, String(child.pid));
  assert.deepEqual(exits, [{ code: null, signal: 'SIGKILL', restartInMs: 100 }]);
  assert.match(readFileSync(join(logsDir, 'companion.log'), 'utf8'), /^hello from a test\nhello from a test\n$/);

  await child.stop();
  assert.throws(() => process.kill(Number(second), 0), { code: 'ESRCH' });
  await assert.rejects(answerOf(child));
});

test('a companion that ignores SIGTERM is killed after three seconds', async (t) => {
  const { start } = world(t, `${LISTENING}\nprocess.on('SIGTERM', () => {});`);
  const child = await start({ PORT: '0' });
  const pid = Number(await answerOf(child));
  await child.stop();
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('a companion that dies before it is ready is reported with what it said', async (t) => {
  const { start } = world(t, `throw new Error('no key file');`);
  await assert.rejects(start({ PORT: '0' }), /companion ended with code 1:\n[\s\S]*no key file/);
});

test('a companion dies with the process that started it', async (t) => {
  const { start } = world(
    t,
    `
    import { startChild } from ${JSON.stringify(new URL('./children.ts', import.meta.url).href)};
    import { writeFileSync } from 'node:fs';
    import { dirname, join } from 'node:path';
    const inner = join(dirname(process.argv[1]), 'inner.ts');
    writeFileSync(inner, ${JSON.stringify(LISTENING)});
    const child = await startChild({ name: 'inner', script: inner, logsDir: dirname(inner), env: { PORT: '0' }, log() {}, restart: true });
    process.send({ ready: true, port: child.port });`,
  );
  const outer = await start({ PORT: '0' }, false);
  const inner = Number(await answerOf(outer)); // the outer process tells the inner one's port as its own
  process.kill(Number(outer.pid), 'SIGKILL');
  await until(async () => (isAlive(inner) ? null : true));
});

function world(t: TestContext, source: string) {
  const logsDir = mkdtempSync(join(tmpdir(), 'causeway-children-'));
  const script = join(logsDir, 'companion.ts');
  writeFileSync(script, source);
  const started: Child[] = [];
  t.after(async () => {
    for (const child of started) await child.stop();
    rmSync(logsDir, { recursive: true, force: true });
  });
  const start = async (env: Record<string, string>, restart = true): Promise<Child> => {
    const child = await startChild({ name: 'companion', script, logsDir, env, log: () => undefined, restart });
    started.push(child);
    return child;
  };
  return { start, logsDir };
}

const answerOf = async (child: Child): Promise<string> => (await fetch(`http://127.0.0.1:${child.port}/`)).text();

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until<Value>(read: () => Promise<Value | null>): Promise<Value> {
  for (let tries = 0; tries < 200; tries += 1) {
    const value = await read();
    if (value !== null) return value;
    await sleep(25);
  }
  return assert.fail('it did not happen within five seconds');
}
