/**
 * The rules want the cardholder to be asked: the issuer's page takes the one-time code, the buyer comes back, and the charge
 * carries the proof. A wrong code three times over ends the attempt; nothing was charged.
 */
import { CARDHOLDER, cardScene } from './card-scene.ts';
import { CARDS, expect, type Story } from './story.ts';
import type { PaymentView } from './views.ts';

interface Challenged extends PaymentView {
  readonly action: { readonly url: string; readonly creq: string } | null;
  readonly authentication: { readonly state: string; readonly liabilityShift: boolean } | null;
}

export const card3dsChallenge: Story = {
  name: 'card-3ds-challenge',
  title: 'A large payment: the cardholder fails the issuer’s challenge once, then passes it, and is charged once',
  run: async (context) => {
    const { tell } = context;
    const scene = await cardScene(context, 150_000, 400_000);
    const ask = async () => (await scene.pay(CARDS.mastercard, { cardholder: CARDHOLDER })) as Challenged;
    const goOn = (id: string) => scene.api.post<Challenged>(`/v1/payments/${id}/continue`);
    const first = await ask();
    expect([first.state, first.action !== null], ['authenticating', true], 'a challenge');
    tell.step({ who: 'issuer', what: 'asks the cardholder for a one-time code', amount: scene.total });
    await answer(first, '000000', 3);
    const failed = await goOn(first.id);
    expect([failed.state, failed.decline?.code], ['declined', 'authentication_failed'], 'three wrong codes');
    tell.step({ who: 'issuer', what: 'ends it after three wrong codes; nothing was charged' });
    const second = await ask();
    expect((await goOn(second.id)).state, 'authenticating', 'nobody has answered yet');
    await answer(second, '123456', 1);
    const paid = await goOn(second.id);
    expect([paid.state, paid.authentication?.liabilityShift], ['captured', true], 'the right code');
    expect((await goOn(second.id)).state, 'captured', 'going on twice changes nothing');
    tell.step({
      who: 'buyer',
      what: 'enters the right code and is charged; fraud is now the issuer’s risk',
      amount: scene.total,
    });
    await scene.finish();
    return { expectedBreaks: 0, trace: scene.order.id };
  },
};

/** The cardholder's browser at the issuer's page: it opens the challenge and sends the code as the page's form does. */
async function answer({ action }: Challenged, code: string, times: number): Promise<void> {
  if (action === null) throw new Error('no challenge to answer');
  const post = (fields: Record<string, string>) =>
    fetch(action.url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  let page = await (await post({ creq: action.creq })).text();
  for (let turn = 0; turn < times; turn += 1) {
    const hidden = Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    ) as Record<string, string>;
    page = await (await post({ ...hidden, code })).text();
  }
}
