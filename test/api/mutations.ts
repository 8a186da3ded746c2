/**
 * Bad bodies from good ones. Each is a good body with one thing made wrong, found by walking the JSON Schema of the OpenAPI
 * document along the good body: a field that is added to the API is spoiled without a line here.
 */

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
}

export interface BadBody {
  /** JSON Pointer of what was spoiled. */
  readonly at: string;
  readonly what: string;
  readonly body: unknown;
}

type Spoiler = readonly [what: string, value: unknown];

const MONEY_VALUES: readonly Spoiler[] = [
  ['a negative amount', '-1'],
  ['a fractional amount', '10.50'],
  ['a huge amount', '9'.repeat(40)],
  ['an amount of 19 digits', '9223372036854775808'],
  ['an amount with an exponent', '1e3'],
  ['an amount with leading zeros', '0100'],
  ['a signed amount', '+1'],
  ['a hexadecimal amount', '0x10'],
  ['an amount with spaces', ' 1 '],
  ['an amount in other digits', '١٢٣'],
  ['an empty amount', ''],
  ['a number as amount', 100],
];
const CURRENCIES: readonly Spoiler[] = [
  ['a currency that does not exist', 'ZZQ'],
  ['no currency at all (XXX)', 'XXX'],
  ['gold, which has no minor unit', 'XAU'],
  ['a currency in lower case', 'usd'],
  ['a numeric currency', '840'],
  ['an empty currency', ''],
  ['an inherited name as currency', 'constructor'],
];
/** Texts that JSON can carry and a database or a terminal cannot. */
export const UNWRITABLE: readonly Spoiler[] = [
  ['a control character', 'a\u0007b@c'],
  ['a null character', 'a\u0000b@c'],
  ['half a surrogate pair', 'a\ud800b@c'],
];
const NOT = {
  string: [7, true, null, {}, ['x']],
  boolean: ['true', 0, 1, null, {}],
  integer: ['1', 1.5, -1, 1e30, null, true, {}],
  object: ['x', 7, null, []],
  array: ['x', {}, null],
} as const;

/** Every bad body one mistake away from `good`. */
export const badBodies = (schema: Schema, good: unknown): readonly BadBody[] =>
  spoiled(schema, good, '').map(({ at, what, value }) => ({ at, what, body: value }));

interface Spoiled {
  readonly at: string;
  readonly what: string;
  readonly value: unknown;
}

function spoiled(schema: Schema, good: unknown, at: string): readonly Spoiled[] {
  if (Array.isArray(good)) return spoiledArray(schema, good, at);
  if (typeof good === 'object' && good !== null) return spoiledObject(schema, good as Record<string, unknown>, at);
  const type = typeof good === 'number' ? 'integer' : typeof good === 'boolean' ? 'boolean' : 'string';
  const nullable = schema.anyOf?.some((each) => each.type === 'null') === true;
  const wrong = NOT[type]
    .filter((value) => value !== null || !nullable)
    .map((value) => ({ at, what: `${JSON.stringify(value)} for ${type}`, value }));
  return typeof good === 'string' ? [...wrong, ...badTexts(schema, at)] : wrong;
}

function badTexts({ enum: words, anyOf, maxLength }: Schema, at: string): readonly Spoiled[] {
  const closed = words !== undefined || anyOf !== undefined;
  return [
    ...(closed ? [{ at, what: 'another word', value: 'nonsense' }] : []),
    ...(maxLength === undefined ? [] : [{ at, what: 'too long a text', value: 'x'.repeat(maxLength + 1) }]),
    ...UNWRITABLE.map(([what, value]) => ({ at, what, value })),
  ];
}

function spoiledObject(schema: Schema, good: Record<string, unknown>, at: string): readonly Spoiled[] {
  const variant = schema.anyOf?.find(({ properties = {} }) => Object.keys(good).every((key) => key in properties));
  const { properties = {}, required = [] } = variant ?? schema;
  const here: Spoiled[] = [
    ...NOT.object.map((value) => ({ at, what: `${JSON.stringify(value)} for an object`, value })),
    { at: `${at}/nonsense`, what: 'a field nobody knows', value: { ...good, nonsense: 1 } },
    ...required.map((name) => ({ at: `${at}/${name}`, what: 'a missing field', value: without(good, name) })),
  ];
  if (isMoney(good)) {
    here.push(...MONEY_VALUES.map(([what, value]) => ({ at: `${at}/value`, what, value: { ...good, value } })));
    here.push(...CURRENCIES.map(([what, currency]) => ({ at: `${at}/currency`, what, value: { ...good, currency } })));
    here.push({ at: `${at}/exponent`, what: 'an exponent beside the amount', value: { ...good, exponent: 0 } });
    return here;
  }
  const deeper = Object.entries(good).flatMap(([name, value]) =>
    spoiled(properties[name] ?? {}, value, `${at}/${name}`).map((bad) => ({
      ...bad,
      value: { ...good, [name]: bad.value },
    })),
  );
  return [...here, ...deeper];
}

function spoiledArray(
  { items = {}, minItems = 0, maxItems }: Schema,
  good: readonly unknown[],
  at: string,
): readonly Spoiled[] {
  const wrong = [...NOT.array, ...(minItems > 0 ? [[]] : [])].map((value) => ({
    at,
    what: `${JSON.stringify(value)} for a list`,
    value: value as unknown,
  }));
  if (maxItems !== undefined)
    wrong.push({ at, what: 'too long a list', value: Array.from({ length: maxItems + 1 }, () => good[0]) });
  const deeper = good.flatMap((value, index) =>
    spoiled(items, value, `${at}/${index}`).map((bad) => ({ ...bad, value: good.with(index, bad.value) })),
  );
  return [...wrong, ...deeper];
}

const isMoney = (value: Record<string, unknown>): boolean => 'value' in value && 'currency' in value;

const without = (good: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
