import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { sleep } from '../base/clock.ts';
import { removeEmbeddedData } from './embedded-location.ts';
import { type Connection, type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';

const isLinux = process.platform === 'linux';
/** What must have ended before a DATA_DIR is deleted. */
const stops = new Map<string, (() => Promise<void>)[]>();
const needsProc = { skip: isLinux ? false : 'needs /proc' };

test('rows survive a stop; a taken port is replaced; what is fixed and wrong is named', async (t) => {
  const dataDir = newDataDir(t);
  const first = await start(dataDir);
  await query(first.connection, 'create table kept (n int); insert into kept values (7)');
  assert.deepEqual(await settingsOf(first.connection), {
    fsync: 'on',
    data_checksums: 'on',
    encoding: 'UTF8',
    upper: 'É',
  });
  assert.equal(fs.statSync(join(dataDir, 'postgres-password')).mode & 0o777, 0o600);
  await first.stop();
  assert.deepEqual(processesNaming(dataDir), []);

  const blocker = createServer();
  await new Promise<void>((ready) => blocker.listen(first.connection.port, '127.0.0.1', ready));
  t.after(() => blocker.close());
  await assert.rejects(startEmbeddedServer({ dataDir, port: first.connection.port }), { code: 'port_taken' });
  const second = await start(dataDir);
  assert.notEqual(second.connection.port, first.connection.port);
  assert.equal(await query(second.connection, 'select n from kept'), 7);
  await second.stop();

  fs.renameSync(join(dataDir, 'postgres-password'), join(dataDir, 'elsewhere'));
  await assert.rejects(startEmbeddedServer({ dataDir }), { code: 'postgres_password_missing' });
  fs.writeFileSync(join(dataDir, 'postgres-password'), 'another');
  await assert.rejects(startEmbeddedServer({ dataDir }), { code: 'postgres_password_wrong' });
  fs.writeFileSync(join(folderOf(dataDir), 'postgres', 'PG_VERSION'), '12\n');
  await assert.rejects(startEmbeddedServer({ dataDir }), {
    code: 'postgres_version_mismatch',
    message: /PostgreSQL 12/,
  });
  assert.deepEqual(processesNaming(dataDir), []);
});

test('kill -9 of the program leaves nothing running and loses nothing', needsProc, async (t) => {
  const dataDir = newDataDir(t);
  const program = await startProgram(dataDir);
  assert.ok(processesNaming(dataDir).length >= 2, 'keeper and postmaster');
  await query(program.connection, 'create table kept (n int); insert into kept values (7)');
  await killed(program.child);
  await until(() => processesNaming(dataDir).length === 0);
  const next = await start(dataDir);
  assert.equal(await query(next.connection, 'select n from kept'), 7);
});

test('a PostgreSQL left over by a killed program and keeper is stopped at the next start', needsProc, async (t) => {
  const dataDir = newDataDir(t);
  const program = await startProgram(dataDir);
  process.kill(program.child.pid ?? 0, 'SIGSTOP'); // so that it cannot start another keeper
  process.kill(keeperOf(dataDir), 'SIGKILL');
  await killed(program.child);
  await sleep(300);
  const [left] = postmastersOf(dataDir);
  assert.equal(left, program.pid, 'nobody was there to stop it');
  const said: string[] = [];
  const next = await start(dataDir, { log: (line) => said.push(line) });
  assert.match(said.join('\n'), /Stopped a PostgreSQL of an earlier run/);
  assert.deepEqual(postmastersOf(dataDir), [next.pid]);
});

test('PostgreSQL and its keeper are started again when they die', needsProc, async (t) => {
  const dataDir = newDataDir(t);
  const reasons: string[] = [];
  const server = await start(dataDir, { onRestart: (reason) => reasons.push(reason) });
  const before = server.pid ?? 0;
  process.kill(before, 'SIGKILL');
  await until(async () => (await answers(server.connection)) && server.pid !== before);

  process.kill(keeperOf(dataDir), 'SIGKILL');
  await until(() => reasons.length === 2);
  await until(async () => (await answers(server.connection)) && server.pid !== undefined);
  assert.deepEqual(postmastersOf(dataDir), [server.pid]);
  assert.match(reasons[0] ?? '', /PostgreSQL ended \(SIGKILL\)/);
  assert.match(reasons[1] ?? '', /keeper was killed/);
  await server.stop();
  assert.deepEqual(processesNaming(dataDir), []);
});

test('a killed initdb does not stand in the way for ever', needsProc, async (t) => {
  const dataDir = newDataDir(t);
  const child = programOn(dataDir);
  await until(() => draftsOf(dataDir).length > 0);
  await killed(child);
  const abandoned = draftsOf(dataDir);
  assert.notDeepEqual(abandoned, [], 'killed before it had finished');
  await start(dataDir);
  assert.deepEqual(draftsOf(dataDir), []);
});

function newDataDir(t: TestContext): string {
  const parent = fs.mkdtempSync(join(tmpdir(), 'causeway-embedded-'));
  fs.chmodSync(parent, 0o755); // so that root's user postgres can pass
  const dataDir = join(parent, 'data');
  stops.set(dataDir, []);
  t.after(async () => {
    for (const stop of stops.get(dataDir) ?? []) await stop();
    await until(() => processesNaming(dataDir).length === 0);
    removeEmbeddedData(parent);
  });
  return dataDir;
}

type Extra = Partial<Omit<Parameters<typeof startEmbeddedServer>[0], 'dataDir'>>;

async function start(dataDir: string, extra: Extra = {}): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDir, ...extra });
  stops.get(dataDir)?.push(() => server.stop());
  return server;
}

interface Program {
  readonly child: ChildProcess;
  readonly connection: Connection;
  readonly pid: number;
}

/** Another process that has started the server and stays. */
async function startProgram(dataDir: string): Promise<Program> {
  const child = programOn(dataDir);
  assert.ok(child.stdout !== null);
  const [chunk] = await once(child.stdout, 'data');
  return { child, ...JSON.parse(String(chunk)) };
}

function programOn(dataDir: string): ChildProcess {
  const source = `
    import { startEmbeddedServer } from ${JSON.stringify(new URL('./embedded-server.ts', import.meta.url).href)};
    const { connection, pid } = await startEmbeddedServer({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(JSON.stringify({ connection, pid }));`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stops.get(dataDir)?.push(async () => void child.kill('SIGKILL'));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function query(connection: Connection, sql: string): Promise<unknown> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await client.query(sql);
    return Object.values(result.rows?.[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

const answers = (connection: Connection): Promise<boolean> =>
  query(connection, 'select 1').then(
    () => true,
    () => false,
  );

const settingsOf = (connection: Connection): Promise<unknown> =>
  query(
    connection,
    `select json_build_object('fsync', current_setting('fsync'), 'data_checksums', current_setting('data_checksums'),
       'encoding', current_setting('server_encoding'), 'upper', upper('é'))`,
  );

const folderOf = (dataDir: string): string =>
  fs.existsSync(join(dataDir, 'location')) ? fs.readFileSync(join(dataDir, 'location'), 'utf8').trim() : dataDir;

function draftsOf(dataDir: string): readonly string[] {
  if (!fs.existsSync(dataDir)) return [];
  return fs.readdirSync(folderOf(dataDir)).filter((name) => name.startsWith('postgres.new-'));
}

/** Processes whose command line names the cluster: the keeper, the postmaster, an initdb; not the test's own. */
function processesNaming(dataDir: string): readonly { readonly pid: number; readonly command: string }[] {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(join(folderOf(dataDir), 'postgres')) && !line.includes('--input-type'))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
}

const keeperOf = (dataDir: string): number =>
  processesNaming(dataDir).find(({ command }) => command.includes('postgres-keeper'))?.pid ?? assert.fail('no keeper');

const postmastersOf = (dataDir: string): readonly number[] =>
  processesNaming(dataDir)
    .filter(({ command }) => command.includes(' -D '))
    .map(({ pid }) => pid);

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await sleep(25);
  }
  assert.fail('it did not happen within ten seconds');
}
