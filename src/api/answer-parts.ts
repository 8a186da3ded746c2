/** What the descriptions of answers are made of. Closed: a field that is not described fails the test that holds answers to them. */
import { type TSchema, Type } from 'typebox';

export const closed = <Fields extends Record<string, TSchema>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });
export const id = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-f]{32}$` });
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
export const instant = Type.String({ format: 'date-time' });
export const text = Type.String();

export const money = closed({
  value: Type.String({ pattern: '^-?[0-9]+$', description: 'minor units' }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
});

/** Money, with words of its own. */
export const said = (description: string) =>
  Type.Object({ value: text, currency: text }, { additionalProperties: false, description });
