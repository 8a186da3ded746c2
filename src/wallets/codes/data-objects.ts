/**
 * Data objects of EMVCo merchant-presented codes: two digits of id, two of length, then that many characters. Lengths count
 * characters, not bytes and not UTF-16 units (EMV QRCPS-MPM 4.4.1.1).
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';

export interface DataObject {
  readonly id: string;
  readonly value: string;
}

/** Where it goes wrong, in characters from the start, and why. */
export type Malformed = Refusal<'code_malformed'>;

export function readObjects(text: string): Result<readonly DataObject[], Malformed> {
  const characters = [...text];
  const objects: DataObject[] = [];
  for (let offset = 0; offset < characters.length; ) {
    const head = characters.slice(offset, offset + 4).join('');
    if (!/^\d{4}$/.test(head)) return malformed(offset, 'an id and a length of two digits each are expected');
    const id = head.slice(0, 2);
    const length = Number(head.slice(2));
    const left = characters.length - offset - 4;
    if (length > left) return malformed(offset, `object ${id} says ${length} characters, ${left} are left`);
    objects.push({ id, value: characters.slice(offset + 4, offset + 4 + length).join('') });
    offset += 4 + length;
  }
  return ok(objects);
}

/** The text of one object. The value is 1 to 99 characters; anything else is a bug of the caller. */
export function writeObject({ id, value }: DataObject): string {
  const length = [...value].length;
  if (length < 1 || length > 99) throw new RangeError(`object ${id} has ${length} characters; 1 to 99 fit`);
  return `${id}${String(length).padStart(2, '0')}${value}`;
}

export const writeObjects = (objects: readonly DataObject[]): string => objects.map(writeObject).join('');

const malformed = (offset: number, detail: string): Result<never, Malformed> =>
  refuse('code_malformed', detail, { facts: { offset } });
