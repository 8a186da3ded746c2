/**
 * The page of a shop that a phone opens from a printed entry code: the amount, then pay, then the wallet's own page, which leads back here. The
 * wallet that opened it stands in the browser's User-Agent; where none does, `?wallet=` may name its brand.
 */
import { uuidV7Hex } from '../../src/base/ids.ts';
import { money } from '../../src/base/money.ts';
import { header, type Reply, type Request, type Route } from '../base/http-server.ts';
import { typedAmount } from '../base/money-text.ts';
import { seeOther } from '../base/page-frame.ts';
import { takePayment } from './pay.ts';
import { type Place, payerResultPage } from './payment-page.ts';
import { findByRequest, refundsOf } from './payment-rows.ts';
import { entryUrl } from './print-codes.ts';
import type { Shops } from './shops.ts';
import { entryPage, nothingPage } from './till-pages.ts';
import { formOf, withPlace } from './till-routes.ts';

export function entryRoutes(shops: Shops): readonly Route[] {
  const pattern = '/entry/:acquirer/:merchant';
  return [
    { method: 'GET', pattern, handle: (request) => withPlace(shops, request, open) },
    { method: 'POST', pattern, handle: (request) => withPlace(shops, request, payHere) },
    { method: 'GET', pattern: `${pattern}/payments/:payment`, handle: (request) => withPlace(shops, request, result) },
  ];
}

const open = (_: Shops, place: Place, request: Request): Reply =>
  entryPage(place, request.path, { wallet: brandOf(request.query.get('wallet')) });

async function payHere(shops: Shops, place: Place, request: Request): Promise<Reply> {
  const { acquirer, shop } = place;
  const form = formOf(request);
  const [amount, wallet] = [form.get('amount') ?? '', brandOf(form.get('wallet'))];
  const again = (error: string): Reply => entryPage(place, request.path, { wallet, amount, error });
  const typed = typedAmount(amount, shop.currency);
  if (typed === null) return again(`This is not an amount in ${shop.currency}.`);
  const userAgent = [header(request, 'user-agent'), ...(wallet === null ? [] : [wallet])]
    .join(' ')
    .slice(0, 512)
    .trim();
  const taken = await takePayment(shops, acquirer, {
    ...{ shop, amount: money(typed, shop.currency), paymentRequestId: `${acquirer.slug}-${uuidV7Hex()}` },
    payer: { scenario: 'entry_code', userAgent },
    redirectTo: (requestId) => `${entryUrl(shops, acquirer, shop)}/payments/${requestId}`,
  });
  if (!taken.ok) return again(`${taken.error.detail}.`);
  const { state, pay_url: payUrl, result_message: why, payment_request_id: requestId } = taken.value;
  if (state === 'failed') return again(`Nothing was paid: ${why}.`);
  return seeOther(payUrl ?? `${request.path}/payments/${requestId}`);
}

function result(shops: Shops, place: Place, request: Request): Reply {
  const payment = findByRequest(shops, place.acquirer, request.params.payment ?? '');
  if (payment === null || payment.merchant_id !== place.shop.merchantId)
    return nothingPage('There is no such payment.');
  const asked = { language: request.query.get('lang'), path: request.path };
  return payerResultPage(place, { payment, refunds: refundsOf(shops, payment) }, asked);
}

/** A brand code of a wallet, such as TNG. */
const brandOf = (text: string | null): string | null => (text !== null && /^[A-Z0-9_]{2,40}$/.test(text) ? text : null);
