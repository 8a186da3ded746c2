/**
 * Order codes: one payment's, shown to whoever wants to pay it, as a link with a general payload. The payload says what it is and
 * what it comes to, so that a reader can show it; what counts is the row that it leads to, by its whole text. A token of
 * sixteen random digits inside keeps anybody from making one up.
 */
import { assert } from '../../base/assert.ts';
import { msOf } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { randomDigits } from '../../base/random.ts';
import { insert, part, type UnitPart } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { writeGeneralPayload } from '../codes/general-payload.ts';
import { type HubCode, type HubPayment, hubCodes } from '../hub-payment.ts';

/** An order code lives less than this, whatever its payment may wait. */
export const ORDER_CODE_LIFE_MS = 30 * 60_000;

/**
 * The code of a payment that waits to be scanned, and the part that issues it with the payment.
 * @param domain host of the links of this installation, such as `qr.causeway.example`.
 */
export function issueOrderCode(
  payment: Pick<HubPayment, 'id' | 'acquirer' | 'amount' | 'expiresAt' | 'createdAt'>,
  domain: string,
): { readonly code: HubCode; readonly part: UnitPart } {
  const { id, acquirer, amount, expiresAt, createdAt } = payment;
  assert(msOf(expiresAt) - msOf(createdAt) < ORDER_CODE_LIFE_MS, 'an order code lives less than thirty minutes');
  const code: HubCode = {
    id: newId('hcd'),
    version: 1,
    state: 'live',
    kind: 'order',
    value: orderCodeValue({ domain, token: randomDigits(16), amount }),
    ...{ wallet: null, customerId: null, acquirer, shop: null, payment: id, number: null },
    expiresAt,
    verifiedAt: null,
    createdAt,
  };
  const issued = part({
    events: [event('hub_code.issued', code.id, { kind: code.kind })],
    writes: [insert(hubCodes, code)],
  });
  return { code, part: issued };
}

interface OrderCodeText {
  readonly domain: string;
  readonly token: string;
  readonly amount: Money;
}

/** Under CDSD: 01 the platform, 02 the token, 03 the amount in minor units, 04 its currency. */
const orderCodeValue = ({ domain, token, amount }: OrderCodeText): string =>
  writeGeneralPayload({
    domain,
    version: '01',
    services: [
      {
        id: 'CDSD',
        objects: [
          { id: '01', value: 'CAUSEWAY' },
          { id: '02', value: token },
          { id: '03', value: amount.amount.toString() },
          { id: '04', value: amount.currency },
        ],
      },
    ],
  });
