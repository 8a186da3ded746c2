/** One message of a participant to the hub, verified and parsed, and what is said to it. */
import type { Refusal } from '../../base/result.ts';
import type { Participant } from '../../parties/index.ts';
import type { HubDeps } from '../../wallets/index.ts';
import type { Fields } from '../ams/fields.ts';
import { type ApsResult, apsResultOf } from './results.ts';

export interface Call {
  readonly hub: HubDeps;
  /** Who has signed it: active, and with the role that the path needs. */
  readonly participant: Participant;
  readonly fields: Fields;
}

export interface Answer {
  readonly result: ApsResult;
  readonly [field: string]: unknown;
}

export type Endpoint = (call: Call) => Promise<Answer>;

/** Who may call a path: a wallet or an acquirer. */
export interface Offered {
  readonly role: 'wallet' | 'acquirer';
  readonly endpoint: Endpoint;
}

export const refused = (refusal: Refusal): Answer => ({ result: apsResultOf(refusal) });
