/** A person with a phone: the wallet's page asks for the PIN, and gets it or a no. */
import { monotonicMs, sleep } from '../src/base/clock.ts';
import type { History } from './history.ts';
import type { Answer, Call } from './moves.ts';

/** Of every account of the sandbox's wallets. */
const PIN = '246810';
/** Wall milliseconds in which a phone shows what it is asked. */
const LOOK_MS = 3_000;

/** What the person does; without a payment, with whatever the phone asks next. */
export interface OnPhone {
  readonly wallet: string;
  readonly account: string;
  readonly payment: string | null;
  readonly does: 'confirm' | 'decline';
}

/** Status 200 once the page was answered, 404 when the phone asked nothing, 0 when the wallet was not there. */
export async function onPhone(wallets: string, history: History, { label, body }: Call): Promise<Answer> {
  // The label's life has written this body.
  const { wallet, account, payment, does } = body as unknown as OnPhone;
  const home = `${wallets}/phone/${wallet}/${account}`;
  try {
    const asked = payment ?? (await asksFor(home));
    const fields = does === 'confirm' ? { pin: PIN } : { action: 'decline' };
    if (asked !== null) await submit(`${home}/payments/${asked}`, fields);
    history.add({ what: 'phone', label, does, payment: asked });
    return { status: asked === null ? 404 : 200, body: {} };
  } catch (error) {
    history.add({ what: 'phone', label, does, cause: String(error) });
    return { status: 0, body: { code: 'no_answer', cause: String(error) } };
  }
}

async function asksFor(home: string): Promise<string | null> {
  for (const began = monotonicMs(); monotonicMs() - began < LOOK_MS; await sleep(20)) {
    const asked = /\/payments\/([0-9A-Za-z_-]+)"/.exec(await (await fetch(home)).text())?.[1];
    if (asked !== undefined) return asked;
  }
  return null;
}

async function submit(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await (await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })).arrayBuffer();
}
