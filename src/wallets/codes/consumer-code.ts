/**
 * Reading an EMVCo consumer-presented code: Base64 of BER-TLV (ISO/IEC 8825-1) that begins with the payload format indicator.
 * Templates are opened, everything else is kept as bytes; nothing of a card is looked at further.
 * Source: EMV QRCPS-CPM v1.1.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';

/** A tag in hexadecimal with its value, or with what is inside when it is a template. */
export type BerObject =
  | { readonly tag: string; readonly value: Uint8Array }
  | { readonly tag: string; readonly objects: readonly BerObject[] };

export type BerRefusal = Refusal<'code_malformed' | 'code_not_emv'>;

const INDICATOR = 'CPV01';

export function readConsumerCode(text: string): Result<readonly BerObject[], BerRefusal> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    return refuse('code_malformed', 'is not Base64 with its padding');
  const read = readBer(Buffer.from(text, 'base64'));
  if (!read.ok) return read;
  const [first] = read.value;
  const indicated =
    first?.tag === '85' && 'value' in first && Buffer.from(first.value).toString('latin1') === INDICATOR;
  return indicated ? read : refuse('code_not_emv', `does not begin with the format indicator 85 ${INDICATOR}`);
}

/** The first application's identifier (4F) in hexadecimal, or null: which wallet or scheme is to be asked. */
export function applicationOf(objects: readonly BerObject[]): string | null {
  for (const object of objects) {
    if (object.tag === '4F' && 'value' in object) return Buffer.from(object.value).toString('hex').toUpperCase();
    const inside = 'objects' in object ? applicationOf(object.objects) : null;
    if (inside !== null) return inside;
  }
  return null;
}

function readBer(bytes: Uint8Array): Result<readonly BerObject[], BerRefusal> {
  const objects: BerObject[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = readHead(bytes, at);
    if (!head.ok) return head;
    const { tag, constructed, from, length } = head.value;
    const left = bytes.length - from;
    if (length > left) return refuse('code_malformed', `tag ${tag} says ${length} bytes, ${left} are left`);
    const value = bytes.subarray(from, from + length);
    at = from + length;
    if (!constructed) {
      objects.push({ tag, value });
      continue;
    }
    const inside = readBer(value);
    if (!inside.ok) return inside;
    objects.push({ tag, objects: inside.value });
  }
  return ok(objects);
}

interface Head {
  readonly tag: string;
  readonly constructed: boolean;
  readonly from: number;
  readonly length: number;
}

/** A tag of one to three bytes, a length of one to three. */
function readHead(bytes: Uint8Array, start: number): Result<Head, BerRefusal> {
  let at = start;
  const byte = (): number => bytes[at++] ?? -1;
  const first = byte();
  const tagged = [first];
  if ((first & 0x1f) === 0x1f)
    for (let next = byte(); ; next = byte()) {
      tagged.push(next);
      if (next < 0 || (next & 0x80) === 0 || tagged.length === 3) break;
    }
  const tag = Buffer.from(tagged.map((each) => each & 0xff))
    .toString('hex')
    .toUpperCase();
  const short = byte();
  const more = short > 0x80 ? short - 0x80 : 0;
  let length = more === 0 ? short : 0;
  for (let count = 0; count < more; count += 1) length = length * 256 + byte();
  if (at > bytes.length || short < 0 || short === 0x80 || more > 2)
    return refuse('code_malformed', `the tag or length at byte ${start} is cut or not allowed`);
  return ok({ tag, constructed: (first & 0x20) !== 0, from: at, length });
}
