/** One request of a participant of the hub, verified and parsed, and what is said to it. */
import type { Refusal } from '../../base/result.ts';
import type { Participant } from '../../parties/index.ts';
import type { Fields } from '../ams/fields.ts';
import type { App } from '../app.ts';
import { type ApsResult, resultOfRefusal } from './results.ts';

export interface Call {
  readonly app: App;
  readonly participant: Participant;
  readonly fields: Fields;
}

export interface Answer {
  readonly result: ApsResult;
  readonly [field: string]: unknown;
}

export interface Endpoint {
  /** Which role a participant needs for it. */
  readonly role: 'acquirer' | 'wallet';
  readonly run: (call: Call) => Promise<Answer>;
}

export const refused = (refusal: Refusal): Answer => ({ result: resultOfRefusal(refusal) });
