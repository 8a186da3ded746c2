/** Schemas of what comes in, and of what goes out for the OpenAPI description. Bodies refuse fields they do not know. */
import { type TProperties, Type } from 'typebox';

export const body = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

/** Whole characters without controls: PostgreSQL's jsonb takes neither NUL nor half a surrogate pair. */
const PLAIN = '^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]*$';

export const Text = (max: number) => Type.String({ minLength: 1, maxLength: max, pattern: PLAIN });
export const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern:
    '^[^@\\s\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]+@[^@\\s\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]+$',
});
export const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' });
export const InstantText = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$',
  description: 'UTC, ISO 8601',
});

/** What a list is searched for. */
export const Search = Type.String({ maxLength: 100, pattern: PLAIN });

/** Money on the wire: whole minor units as text. Which currencies exist is checked after the form. */
export const MoneyBody = Type.Object(
  {
    value: Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$', description: 'whole minor units' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
  },
  { additionalProperties: false },
);

export const idOf = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-f]{32}$` });
export const params = (prefix: string) => Type.Object({ id: idOf(prefix) });

export const PageQuery = {
  limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' })),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
};

export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  errors: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), detail: Type.String() })),
  ),
});

/** Of requests that move money: the key is required. */
export const idempotentMoney = Type.Object({
  'idempotency-key': Type.String({
    description: 'names the attempt; a repeat with the same fields gets the first answer',
  }),
});

export const idempotent = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ description: 'names the attempt; a repeat with the same fields gets the first answer' }),
  ),
});

/** What a route's schema says about its answers; refusals are always problems. */
export const answers = (
  status: number,
  description: string,
  schema: object = Type.Object({}, { additionalProperties: true }),
) => ({
  [status]: { description, ...schema },
  default: { description: 'A refusal (RFC 9457)', content: { 'application/problem+json': { schema: Problem } } },
});
