/**
 * What a phone sees in a shop's code before anybody is asked. An EMVCo code must be whole: a wrong checksum is a photo gone wrong or
 * a sticker tampered with, and the person is told so. Links are the hub's to understand.
 * Source: EMV QRCPS merchant-presented mode 1.1; written apart from the hub's reader.
 */

import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import { emvChecksum } from '../base/emv-checksum.ts';

export type SeenCode = { readonly kind: 'emv'; readonly name: string | null } | { readonly kind: 'link' };

const MOST = 512;

export function lookAtCode(text: string): Result<SeenCode, Refusal<'bad_code'>> {
  if (text === '') return refuse('bad_code', 'no code was read');
  if (text.length > MOST) return refuse('bad_code', `the code is longer than ${MOST} characters`);
  if (/^https?:\/\/\S+$/i.test(text)) return ok({ kind: 'link' });
  if (/^0002\d\d/.test(text)) return lookAtEmv(text);
  return refuse('bad_code', 'this is not a code of a shop');
}

function lookAtEmv(text: string): Result<SeenCode, Refusal<'bad_code'>> {
  const parts = new Map<string, string>();
  let rest = [...text];
  while (rest.length > 0) {
    const [id, length] = [rest.slice(0, 2).join(''), rest.slice(2, 4).join('')];
    if (!/^\d\d$/.test(id) || !/^\d\d$/.test(length) || rest.length < 4 + Number(length))
      return refuse('bad_code', 'the code is cut off or damaged');
    parts.set(id, rest.slice(4, 4 + Number(length)).join(''));
    rest = rest.slice(4 + Number(length));
  }
  const given = parts.get('63');
  if (given === undefined || !text.endsWith(`6304${given}`)) return refuse('bad_code', 'the code has no checksum');
  if (emvChecksum(Buffer.from(text.slice(0, -4), 'utf8')) !== given.toUpperCase())
    return refuse('bad_code', 'the checksum of the code is wrong; scan it again');
  return ok({ kind: 'emv', name: parts.get('59') ?? null });
}
