/** What answers about the vault's keys look like: ids, ages and counts, never a key (answers.ts says how they are held). */
import { type TSchema, Type } from 'typebox';

const closed = <Fields extends Record<string, TSchema>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });
const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const instant = Type.String({ format: 'date-time' });
const text = Type.String();

export const KeyReportAnswer = closed({
  provider: text,
  rootKeys: Type.Array(
    closed({
      id: text,
      current: Type.Boolean(),
      inKeyFile: Type.Boolean(),
      wraps: Type.Integer({ description: 'data keys wrapped by it' }),
      registeredAt: nullable(instant),
    }),
  ),
  dataKeys: Type.Array(
    closed({
      id: text,
      purpose: text,
      current: Type.Boolean(),
      rootKey: text,
      cards: Type.Integer({ description: 'cards sealed with it' }),
      createdAt: instant,
    }),
  ),
  toRewrap: Type.Integer({ description: 'above zero: a rotation is unfinished' }),
});
export const KeyRotationAnswer = Type.Union([
  closed({ what: Type.Literal('data'), dataKey: text }),
  closed({
    what: Type.Literal('root'),
    rootKeyId: text,
    rewrapped: Type.Integer({ description: 'data keys that this call wrapped anew' }),
    resumed: Type.Boolean({ description: 'an earlier rotation was unfinished, and is finished now' }),
  }),
]);
export const KeyRemovedAnswer = closed({ removed: Type.Boolean() });
