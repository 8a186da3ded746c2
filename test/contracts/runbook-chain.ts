/**
 * One chain of the network's runbook, as calls of the connector. A step is recognised by its operation and body; what the connector then
 * sends must hold the step's body, and the network's answer what the step expects. Where the connector says the same in
 * other words, the difference is in SAID_OTHERWISE, with the reason; everything else must be there as published.
 */
import assert from 'node:assert/strict';
import type { Money } from '../../src/base/money.ts';
import type { FollowUpRequest, PayRequest } from '../../src/connectors/ports/card-acquirer.ts';
import { expectApproved, type Merchant, usd } from './merchant.ts';
import type { Wire } from './watch-wire.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Chain {
  readonly id: string;
  readonly steps: readonly { readonly op: string; readonly body: Json; readonly expect?: Json }[];
}

interface Walk {
  readonly chain: Chain;
  readonly merchant: Merchant;
  readonly wire: Wire;
}

/** The payment as it stands between two steps. */
interface Standing {
  readonly networkId: string;
  readonly authorized: Money;
}

/** Fields of the runbook that our bodies carry in another way. */
const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  'multiCapture.multiCaptureSequenceNumber': 'the runbook sends a number, the schema says text',
  'multiCapture.multiCaptureRecordCount': 'how many captures there will be is not known before the last: 99 until then',
  'subMerchantSupplementalData.merchantIdentification.serviceEntitlementNumber':
    'given by American Express to sellers it has registered; the platform has none',
};
const SAID_OTHERWISE_IN: Readonly<Record<string, readonly string[]>> = {
  // NOW on a change reverses and captures in one call. The platform gives back and captures as two operations, each with
  // a reference of its own, so that each can be asked about.
  'partial-void-capture': ['captureMethod'],
};

export async function runChain(walk: Walk): Promise<void> {
  let standing: Standing | undefined;
  for (const [index, { op, body, expect = {} }] of walk.chain.steps.entries()) {
    const step = `${walk.chain.id}, step ${index + 1}`;
    standing = op === 'POST /payments' ? await pay(walk, body) : await follow(walk, started(standing, step), op, body);
    const { body: sent, status, answer, method, path } = walk.wire.last();
    assert.match(`${method} ${path}`, new RegExp(`^${op.replace(' /', ' /api/v2/').replace('{id}', '[^/]+')}$`), step);
    for (const [name, value] of leaves(body)) {
      if (name in SAID_OTHERWISE || SAID_OTHERWISE_IN[walk.chain.id]?.includes(name)) continue;
      assert.ok(says(at(sent, name), value, standing), `${step}: ${name} is ${JSON.stringify(at(sent, name))}`);
    }
    const { http = 200, note: _, ...fields } = expect;
    assert.equal(status, http, step);
    assert.deepEqual(Object.fromEntries(Object.keys(fields).map((name) => [name, answer[name]])), fields, step);
  }
  if (walk.chain.id === 'partial-void-capture') await captureTheRest(walk, started(standing, walk.chain.id));
}

function started(standing: Standing | undefined, step: string): Standing {
  assert.ok(standing !== undefined, `${step}: no payment yet`);
  return standing;
}

async function pay({ merchant }: Walk, body: Json): Promise<Standing> {
  const seller = at(body, 'merchant.merchantCategoryCode');
  const changes: Partial<PayRequest> = {
    ...(body.amount === undefined ? {} : { amount: usd(BigInt(Number(body.amount))) }),
    ...(body.isAmountFinal === false ? { amountIsFinal: false } : {}),
    ...(seller === undefined
      ? {}
      : { softMerchant: { sellerId: 'sel_toys', name: 'Toys', country: 'US', categoryCode: String(seller) } }),
  };
  const request = merchant.request(body.captureMethod === 'NOW' ? 'sale' : 'authorize', changes);
  const { networkId, amount } = expectApproved(await merchant.pay(request));
  assert.deepEqual(amount, request.amount);
  return { networkId, authorized: amount };
}

async function follow({ merchant }: Walk, { networkId, authorized }: Standing, op: string, body: Json) {
  const amount = body.amount === undefined ? authorized : usd(BigInt(Number(body.amount)));
  const { kind, changes } = operationOf(op, body, authorized);
  const answer = expectApproved(await merchant.act(merchant.follow(kind, networkId, amount, changes)));
  assert.deepEqual(answer.amount, amount);
  const changesTotal = kind === 'increment' || kind === 'reverse';
  return { networkId: answer.networkPaymentId ?? networkId, authorized: changesTotal ? amount : authorized };
}

type Operation = { readonly kind: FollowUpRequest['kind']; readonly changes?: Partial<FollowUpRequest> };

function operationOf(op: string, body: Json, authorized: Money): Operation {
  if (op === 'POST /refunds') return { kind: 'refund' };
  if (op === 'POST /payments/{id}/captures') {
    const sequence = at(body, 'multiCapture.multiCaptureSequenceNumber');
    const final = at(body, 'multiCapture.isFinalCapture') === true;
    const part = { sequence: Number(sequence), final };
    return { kind: 'capture', ...(sequence === undefined ? {} : { changes: { part } }) };
  }
  assert.equal(op, 'PATCH /payments/{id}', `an operation that nobody expressed: ${op}`);
  if (body.isVoid === true) return { kind: 'void' };
  if (body.isReauthorization === true) return { kind: 'reauthorize' };
  assert.equal(typeof body.amount, 'number', `a change that nobody expressed: ${JSON.stringify(body)}`);
  return { kind: Number(body.amount) > authorized.amount ? 'increment' : 'reverse' };
}

/** The second half of what the runbook does in one call. */
async function captureTheRest({ merchant, wire }: Walk, { networkId, authorized }: Standing): Promise<void> {
  expectApproved(await merchant.act(merchant.follow('capture', networkId, authorized)));
  const { answer } = wire.last();
  assert.deepEqual([answer.transactionState, answer.remainingAuthAmount], ['CLOSED', 0]);
}

/** Every field of a body that is no object, with its path. */
function leaves(body: Json, above = ''): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(body).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? leaves(value as Json, `${above}${name}.`)
      : [[`${above}${name}`, value] as const],
  );
}

const at = (body: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Json | undefined)?.[name], body);

/** `...` stands for any text of ours, `{id}` for the payment. */
function says(sent: unknown, published: unknown, { networkId }: Standing): boolean {
  if (published === '...') return typeof sent === 'string' && sent !== '';
  return sent === (published === '{id}' ? networkId : published);
}
