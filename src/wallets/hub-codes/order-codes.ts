/**
 * Order codes: one payment's, shown to whoever wants to pay it, as a link with a general payload. It is a payment of the hub's, which is
 * there already, or one of a marketplace's order here, which begins when the code is scanned. The payload says what it is and
 * what it comes to, so that a reader can show it; what counts is the row that it leads to, by its whole text. A token of
 * sixteen random digits inside keeps anybody from making one up.
 */
import { assert } from '../../base/assert.ts';
import { msOf } from '../../base/clock.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { randomDigits } from '../../base/random.ts';
import { insert, part, type UnitPart } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { writeGeneralPayload } from '../codes/general-payload.ts';
import { type HubCode, type HubPayment, hubCodes } from '../hub-payment.ts';

/** An order code lives less than this, whatever its payment may wait. */
export const ORDER_CODE_LIFE_MS = 30 * 60_000;

interface IssuedCode {
  readonly code: HubCode;
  /** Issues it; belongs to the unit that makes what it leads to. */
  readonly part: UnitPart;
}

/**
 * The code of a payment that waits to be scanned.
 * @param domain host of the links of this installation, such as `qr.causeway.example`.
 */
export const issueOrderCode = (
  { id, acquirer, ...sale }: Sale & Pick<HubPayment, 'id' | 'acquirer'>,
  domain: string,
): IssuedCode => issue(sale, { acquirer, payment: id }, domain);

/** The same of a request to pay an order of a marketplace here: the shop is no acquirer's. */
export const issueCodeForOrder = ({ id, ...sale }: Sale & { readonly id: Id<'amp'> }, domain: string): IssuedCode =>
  issue(sale, { acquirer: null, payment: null, amsPayment: id }, domain);

type Sale = Pick<HubPayment, 'amount' | 'expiresAt' | 'createdAt'>;
type Leads = Pick<HubCode, 'acquirer' | 'payment' | 'amsPayment'>;

function issue({ amount, expiresAt, createdAt }: Sale, leads: Leads, domain: string): IssuedCode {
  assert(msOf(expiresAt) - msOf(createdAt) < ORDER_CODE_LIFE_MS, 'an order code lives less than thirty minutes');
  const code: HubCode = {
    id: newId('hcd'),
    version: 1,
    state: 'live',
    kind: 'order',
    value: orderCodeValue({ domain, token: randomDigits(16), amount }),
    ...{ wallet: null, customerId: null, shop: null, number: null, ...leads },
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
