/**
 * The merchant-presented code of Alipay+ as a link, `HTTPS://<domain>/MPM/3/<payload>`: the payload is Base64 of objects with
 * four letters of id and three digits of length, under GPLD; inside a service's object, two digits and two.
 * Source: Alipay+ code scanning payment standards, MPM code format and sample.
 */
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { type DataObject, readObjects } from './data-objects.ts';

export interface GeneralPayload {
  readonly domain: string;
  /** PLVS. */
  readonly version: string;
  /** CDSD, CIRD… with their objects. */
  readonly services: readonly { readonly id: string; readonly objects: readonly DataObject[] }[];
}

export type PayloadRefusal = Refusal<'code_malformed'>;

export function readGeneralPayload(text: string): Result<GeneralPayload, PayloadRefusal> {
  const link = /^https:\/\/([^/]+)\/MPM\/3\/([A-Za-z0-9+/]+={0,2})$/i.exec(text);
  if (link === null) return refuse('code_malformed', 'is not a link of the form HTTPS://<domain>/MPM/3/<payload>');
  const payload = Buffer.from(link[2] as string, 'base64').toString('utf8');
  const outer = readLong(payload);
  if (!outer.ok) return outer;
  const [general] = outer.value;
  if (general?.id !== 'GPLD' || outer.value.length !== 1)
    return refuse('code_malformed', 'does not hold one general payload (GPLD)');
  const inner = readLong(general.value);
  if (!inner.ok) return inner;
  const version = inner.value.find(({ id }) => id === 'PLVS')?.value;
  if (version === undefined) return refuse('code_malformed', 'does not say its version (PLVS)');
  const services: GeneralPayload['services'][number][] = [];
  for (const { id, value } of inner.value.filter((object) => object.id !== 'PLVS')) {
    const objects = readObjects(value);
    if (!objects.ok) return objects;
    services.push({ id, objects: objects.value });
  }
  return ok({ domain: link[1] as string, version, services });
}

export function writeGeneralPayload({ domain, version, services }: GeneralPayload): string {
  const inner = [
    { id: 'PLVS', value: version },
    ...services.map(({ id, objects }) => ({
      id,
      value: objects
        .map((object) => `${object.id}${String([...object.value].length).padStart(2, '0')}${object.value}`)
        .join(''),
    })),
  ];
  const payload = writeLong({ id: 'GPLD', value: inner.map(writeLong).join('') });
  return `HTTPS://${domain.toUpperCase()}/MPM/3/${Buffer.from(payload, 'utf8').toString('base64')}`;
}

function readLong(text: string): Result<readonly DataObject[], PayloadRefusal> {
  const characters = [...text];
  const objects: DataObject[] = [];
  for (let at = 0; at < characters.length; ) {
    const head = /^([A-Z]{4})(\d{3})$/.exec(characters.slice(at, at + 7).join(''));
    if (head === null)
      return refuse('code_malformed', 'four letters and three digits are expected', { facts: { offset: at } });
    const [id, length] = [head[1] as string, Number(head[2])];
    const left = characters.length - at - 7;
    if (length > left)
      return refuse('code_malformed', `${id} says ${length} characters, ${left} are left`, { facts: { offset: at } });
    objects.push({ id, value: characters.slice(at + 7, at + 7 + length).join('') });
    at += 7 + length;
  }
  return ok(objects);
}

const writeLong = ({ id, value }: DataObject): string => `${id}${String([...value].length).padStart(3, '0')}${value}`;
