/** Templates of other schemes for a store code: `[{templateId, guid, objects: {"01": "…"}}]`, each as its scheme wants it. */
import type { SchemeTemplate } from '../../wallets/index.ts';
import { type Fields, readFields } from '../ams/fields.ts';

/** More do not fit into the 512 characters of a code. */
const MOST = 10;

/** The first thing that is wrong is remembered in `fields`. */
export function readSchemes(fields: Fields): readonly SchemeTemplate[] {
  const listed = fields.raw('schemes') ?? [];
  if (!Array.isArray(listed) || listed.length > MOST) {
    fields.reject('schemes', `must be a list of at most ${MOST}`);
    return [];
  }
  const read = listed.map((each: unknown) => readScheme(each));
  const wrong = read.indexOf(null);
  if (wrong !== -1) fields.reject(`schemes.${wrong}`, 'must be {templateId 27 to 51, guid, objects by two digits}');
  return read.filter((scheme) => scheme !== null);
}

function readScheme(value: unknown): SchemeTemplate | null {
  if (!isObject(value)) return null;
  const fields = readFields(value);
  const [id, guid] = [fields.needText('templateId', 2), fields.needText('guid', 32)];
  const given = fields.raw('objects') ?? {};
  const ids = isObject(given) ? Object.keys(given) : [];
  const objects = ids.map((each) => ({ id: each, value: fields.needText(`objects.${each}`, 99) }));
  const isTemplate = /^(2[7-9]|[34]\d|5[01])$/.test(id);
  const areObjects = isObject(given) && ids.every((each) => /^(?!00)\d{2}$/.test(each));
  return fields.wrong === null && isTemplate && areObjects ? { id, guid, objects } : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
