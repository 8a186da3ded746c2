/**
 * What stands in `paymentMethodId`: the digits of a payment code, or an EMVCo consumer-presented code with such digits inside.
 * There, wallets put them as text into 9F74, or packed into the track or number of an application (57, 5A); a code may hold
 * several applications, and the first that holds a payment code counts. Digits of cards are none: they start otherwise.
 * Source: EMV QRCPS-CPM v1.1; Alipay+ code format of payment codes.
 */
import { ok, type Result, refuse } from '../../base/result.ts';
import { applicationOf, type BerObject, readConsumerCode } from '../codes/consumer-code.ts';
import { readPaymentCode } from '../codes/payment-code.ts';
import type { CodeRefusal } from './errors.ts';

/** The payment codes that it may be, best first; never empty. */
export function readShownCode(text: string): Result<readonly string[], CodeRefusal> {
  if (/^\d+$/.test(text)) {
    const read = readPaymentCode(text);
    return read.ok ? ok([text]) : read;
  }
  const read = readConsumerCode(text);
  if (!read.ok) return refuse('invalid_code', `is no payment code, and as a code of EMVCo it ${read.error.detail}`);
  const held = [...new Set(digitsIn(read.value))].filter((digits) => readPaymentCode(digits).ok);
  const application = applicationOf(read.value) ?? 'none';
  return held.length > 0
    ? ok(held)
    : refuse(
        'invalid_code',
        `is a code of EMVCo without a payment code of this hub; its application is ${application}`,
      );
}

const TEXT_TAGS: ReadonlySet<string> = new Set(['9F74']);
const PACKED_TAGS: ReadonlySet<string> = new Set(['57', '5A']);

function digitsIn(objects: readonly BerObject[]): readonly string[] {
  return objects.flatMap((object) => {
    if ('objects' in object) return digitsIn(object.objects);
    const bytes = Buffer.from(object.value);
    if (TEXT_TAGS.has(object.tag)) return [bytes.toString('latin1')];
    // A number ends with F when it is odd, a track's number with D.
    if (PACKED_TAGS.has(object.tag)) return [/^\d*/.exec(bytes.toString('hex'))?.[0] ?? ''];
    return [];
  });
}
