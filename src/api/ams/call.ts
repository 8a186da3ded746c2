/** One request of a client, verified and parsed, and what is said to it. */
import type { AmsClient } from '../../ams/index.ts';
import type { Refusal } from '../../base/result.ts';
import type { App } from '../app.ts';
import type { Fields } from './fields.ts';
import { type AmsResult, resultOfRefusal } from './results.ts';

export interface Call {
  readonly app: App;
  readonly client: AmsClient;
  readonly fields: Fields;
  /** The bytes that came beside the signed body, by the names of their parts; only where files are taken. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

export interface Answer {
  readonly result: AmsResult;
  readonly [field: string]: unknown;
}

export type Endpoint = (call: Call) => Promise<Answer>;

export const refused = (refusal: Refusal): Answer => ({ result: resultOfRefusal(refusal) });
