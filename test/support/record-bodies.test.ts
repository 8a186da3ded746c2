/** The audit of a whole run can fail: a wrong body is found whichever process sends it, and named with its sender. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { auditRecordedBodies } from './body-audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-bodies-'));
const received: string[] = [];
const acquirer = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => received.push(chunk.toString()));
  request.on('end', () => response.end('{}'));
});
await once(acquirer.listen(0, '127.0.0.1'), 'listening');
const { port } = acquirer.address() as AddressInfo; // listening on a port
after(() => {
  acquirer.close();
  rmSync(folder, { recursive: true });
});

const MERCHANT = { merchantSoftware: { companyName: 'Causeway', productName: 'Causeway' } };
const PAYMENT = {
  amount: 1_250,
  currency: 'USD',
  merchant: MERCHANT,
  paymentMethodType: { card: { accountNumber: '4112344112344113', expiry: { month: 5, year: 2031 } } },
};

/** A program that starts another, as the product starts its vault: with an environment of its own. */
const STARTER = `
  import { fork } from 'node:child_process';
  import { once } from 'node:events';
  await once(fork(process.argv[2], process.argv.slice(3), { env: { PATH: process.env.PATH } }), 'exit');`;
const SENDER = `
  const [url, method, body] = process.argv.slice(2);
  await (await fetch(url, { method, body: new TextEncoder().encode(body) })).text();`;

/** What the audit of a run says in which a companion of a program sends this. */
async function runSending(path: string, method: string, body: object): Promise<ReturnType<typeof auditRecordedBodies>> {
  const bodies = mkdtempSync(join(folder, 'run-'));
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  for (const [name, source] of Object.entries({ starter: STARTER, sender: SENDER }))
    writeFileSync(join(programs, `${name}.mjs`), source);
  const args = ['starter.mjs', 'sender.mjs'].map((name) => join(programs, name));
  const preload = `--import=${new URL('record-bodies.ts', import.meta.url).href}`;
  const url = `http://127.0.0.1:${port}/api/v2/${path}`;
  const child = spawn(process.execPath, [...args, url, method, JSON.stringify(body)], {
    env: { PATH: process.env.PATH, NODE_OPTIONS: preload, RECORD_BODIES: bodies },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  return auditRecordedBodies(bodies);
}

test('a valid body of a companion process is counted, and sent as it was', async () => {
  const { summary, faults } = await runSending('payments', 'POST', PAYMENT);
  assert.deepEqual(faults, []);
  assert.match(summary, /^bodies sent to the acquirer: 1, all valid .*\(payments 1, verifications 0, captures 0/);
  assert.deepEqual(JSON.parse(received.at(-1) ?? ''), PAYMENT);
});

test('a wrong body is a fault with its sender', async () => {
  const { summary, faults } = await runSending('payments/p1/captures', 'POST', { captureMethod: 'SOON', amount: 1 });
  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', /^capture \/captureMethod: .*, sent by .*sender\.mjs$/);
  assert.match(summary, /^bodies sent to the acquirer: 1, 1 faults by the published OpenAPI/);
});

test('a field that nobody published is a fault', async () => {
  const { faults } = await runSending('payments', 'POST', { ...PAYMENT, amout: 1 });
  assert.match(faults.join(), /additional properties \(amout\)/);
});

test('what the published file does not describe is recorded, and not counted', async () => {
  const { summary, faults } = await runSending('three-ds/authentications', 'POST', {});
  assert.deepEqual(faults, []);
  assert.match(summary, /^bodies sent to the acquirer: 0,/);
});
