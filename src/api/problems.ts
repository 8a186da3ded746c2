/**
 * Errors over HTTP: RFC 9457 problem details with stable codes. One table maps every refusal of every module to its answer;
 * a refusal without its line does not compile. docs/generated/errors.md is drawn from it.
 */
import type { FastifyReply } from 'fastify';
import type { AmsClientRefusal } from '../ams/index.ts';
import { toPlain } from '../base/json.ts';
import type { MoneyRefusal } from '../base/money.ts';
import type { Refusal } from '../base/result.ts';
import type { CheckoutRefusal, LinkRefusal } from '../checkout/index.ts';
import type { DebtRefusal } from '../debts/index.ts';
import type { DisputeRefusal } from '../disputes/index.ts';
import type { FxRefusal } from '../fx/index.ts';
import type { ParticipantRefusal, PartyRefusal } from '../parties/index.ts';
import type { PaymentRefusal } from '../payments/index.ts';
import type { ConversionRefusal, PayoutRefusal } from '../payouts/index.ts';
import type { PromotionRefusal } from '../promotions/index.ts';
import type { OrderRefusal } from '../protection/index.ts';
import type { ReconciliationRefusal } from '../reconciliation/index.ts';
import type { DecisionRefusal } from '../registrations/index.ts';

/** What the HTTP layer itself refuses. */
export type HttpRefusal = Refusal<
  | 'invalid_request'
  | 'malformed_json'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'archived'
  | 'key_in_use'
  | 'missing_idempotency_key'
  | 'invalid_idempotency_key'
  | 'too_many_requests'
  | 'busy'
  | 'unavailable'
  | 'internal'
>;

export type AnyRefusal =
  | HttpRefusal
  | AmsClientRefusal
  | MoneyRefusal
  | ParticipantRefusal
  | PartyRefusal
  | OrderRefusal
  | PaymentRefusal
  | PayoutRefusal
  | ConversionRefusal
  | FxRefusal
  | LinkRefusal
  | CheckoutRefusal
  | DisputeRefusal
  | DebtRefusal
  | PromotionRefusal
  | ReconciliationRefusal
  | DecisionRefusal;

interface ProblemLine {
  readonly status: number;
  readonly title: string;
}

const line = (status: number, title: string): ProblemLine => ({ status, title });

export const PROBLEMS: { readonly [Code in AnyRefusal['code']]: ProblemLine } = {
  invalid_request: line(400, 'The request does not fit the schema'),
  malformed_json: line(400, 'The body is not JSON'),
  missing_idempotency_key: line(400, 'This request needs an Idempotency-Key header'),
  invalid_idempotency_key: line(400, 'The Idempotency-Key header is malformed'),
  unauthenticated: line(401, 'No valid key'),
  forbidden: line(403, 'The key does not have the scope'),
  not_found: line(404, 'Not found'),
  agreement_not_active: line(409, 'The agreement is not active'),
  already_answered: line(409, 'The stage is answered'),
  already_imported: line(409, 'Imported already'),
  campaign_not_running: line(409, 'The campaign gives nothing now'),
  client_id_taken: line(409, 'The client id is taken'),
  cancel_window_over: line(409, 'The day on which it can be canceled is over'),
  conflict: line(409, 'It changed meanwhile'),
  debt_open: line(409, 'The seller owes money'),
  dispute_open: line(409, 'A dispute about this money is open'),
  duplicate_reference: line(409, 'The reference is taken'),
  key_in_use: line(409, 'The key is in use'),
  illegal_move: line(409, 'Not possible in this state'),
  instalment_paid: line(409, 'The instalment is paid'),
  key_version_taken: line(409, 'The key version is taken'),
  last_key: line(409, 'It is the last key'),
  operation_closed: line(409, 'The operation has its outcome'),
  operation_in_progress: line(409, 'The network has not answered yet'),
  participant_taken: line(409, 'Another participant has this name'),
  payment_in_progress: line(409, 'A payment is being processed'),
  payouts_blocked: line(409, 'Payouts of this seller are blocked'),
  quote_expired: line(409, 'The quote does not hold any more'),
  quote_used: line(409, 'The quote is used'),
  refund_in_progress: line(409, 'A refund is on its way'),
  partial_not_offered: line(409, 'The dispute is accepted as a whole'),
  response_overdue: line(409, 'The time to answer has run out'),
  voucher_expired: line(409, 'The voucher is used or has expired'),
  voucher_in_use: line(409, 'The voucher is in use'),
  too_many_attempts: line(409, 'No attempts are left'),
  archived: line(410, 'Archived'),
  link_expired: line(410, 'The link has ended'),
  link_revoked: line(410, 'The link was taken back'),
  body_too_large: line(413, 'The body is too large'),
  unsupported_media_type: line(415, 'The content type is not supported'),
  agreement_currency: line(422, 'The agreement is in another currency'),
  agreement_does_not_cover: line(422, 'The agreement is about something else'),
  amount_exceeds_agreement: line(422, 'More than the buyer agreed to'),
  amount_differs: line(422, 'The amount is another'),
  amount_exceeds_refundable: line(422, 'More than can be refunded'),
  amount_exceeds_capture: line(422, 'More than one capture has left'),
  amount_exceeds_authorized: line(422, 'More than is authorized'),
  amount_exceeds_debt: line(422, 'More than is owed'),
  amount_is_final: line(422, 'The amount cannot grow'),
  card_expired: line(422, 'The card has expired'),
  cardholder_required: line(422, 'The cardholder must be asked'),
  evidence_missing: line(422, 'There is no evidence yet'),
  first_use_not_authenticated: line(422, 'The first use was not authenticated'),
  first_use_unknown: line(422, 'The first use cannot be named'),
  idempotency_key_reused: line(422, 'The idempotency key belongs to another request'),
  instalment_not_due: line(422, 'Another instalment is due'),
  instalments_do_not_sum: line(422, 'The instalments do not sum to the total'),
  insufficient_balance: line(422, 'The balance is too low'),
  invalid_account_number: line(422, 'The account number is not valid'),
  invalid_amount: line(422, 'The amount is not valid'),
  invalid_campaign: line(422, 'The campaign is not valid'),
  invalid_country: line(422, 'The country is not valid'),
  invalid_document: line(422, 'The document is not valid'),
  invalid_expiry: line(422, 'The time it ends is not valid'),
  invalid_fee_plan: line(422, 'The fee plan is not valid'),
  invalid_holder_name: line(422, 'The holder name is not valid'),
  invalid_instalments: line(422, 'The instalments are not valid'),
  invalid_money: line(422, 'The amount is not money'),
  invalid_participant: line(422, 'The participant is not valid'),
  invalid_return_url: line(422, 'The address to go back to is not valid'),
  invalid_public_key: line(422, 'The public key is not valid'),
  invalid_routing_number: line(422, 'The routing number is not valid'),
  invalid_total: line(422, 'The total is not valid'),
  no_payable_account: line(422, 'No account that can be paid'),
  not_a_programme: line(422, 'The campaign gives other things'),
  nothing_to_return: line(422, 'Nothing is left of the fund'),
  no_route: line(422, 'No acquirer account takes this'),
  no_rail: line(422, 'No rail reaches this'),
  nothing_left_to_charge: line(422, 'Nothing of the order is left to charge'),
  nothing_to_pay_out: line(422, 'There is nothing to pay out'),
  refund_source_differs: line(422, 'The refund is somebody else’s to give'),
  same_currency: line(422, 'Both currencies are the same'),
  ship_by_in_the_past: line(422, 'The ship-by date has passed'),
  too_many_declines: line(422, 'The scheme lets this card be tried no more'),
  too_much_evidence: line(422, 'More evidence than a stage carries'),
  unknown_agreement: line(422, 'The agreement does not exist'),
  unknown_account: line(422, 'The network account does not exist'),
  unknown_currency: line(422, 'The currency is not known'),
  unknown_key_version: line(422, 'The key version is not known'),
  unknown_instalment: line(422, 'The instalment does not exist'),
  unknown_party: line(422, 'The party does not exist'),
  unknown_policy: line(422, 'The policy does not exist'),
  unknown_quote: line(422, 'The quote does not exist'),
  unknown_scope: line(422, 'The scope is not allowed'),
  unknown_token: line(422, 'The card token is not known'),
  unknown_voucher: line(422, 'The voucher does not exist'),
  voucher_currency: line(422, 'The voucher is in another currency'),
  voucher_not_theirs: line(422, 'The voucher is somebody else’s'),
  unknown_wallet: line(422, 'The wallet does not exist'),
  wallet_limit: line(422, 'A limit of the wallet is exceeded'),
  wallet_not_offered: line(422, 'The wallet does not pay this'),
  wrong_direction: line(422, 'The line goes the other way'),
  too_many_requests: line(429, 'Too many requests'),
  internal: line(500, 'Something is wrong on our side'),
  busy: line(503, 'Too much at once'),
  rate_unavailable: line(503, 'No rate is young enough'),
  unavailable: line(503, 'Out of reach for a moment'),
};

const RETRY_AFTER_S: Partial<Record<AnyRefusal['code'], number>> = {
  conflict: 1,
  busy: 1,
  rate_unavailable: 60,
  unavailable: 2,
  operation_in_progress: 5,
};

export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** Sends a refusal as a problem. Facts become extension members. */
export function sendProblem(reply: FastifyReply, refusal: Refusal, errors?: readonly FieldError[]): FastifyReply {
  const { status, title } = PROBLEMS[refusal.code as AnyRefusal['code']] ?? PROBLEMS.internal;
  const fields =
    errors ??
    (refusal.pointer === undefined
      ? undefined
      : [{ pointer: refusal.pointer, code: refusal.code, detail: refusal.detail }]);
  const retryAfter = RETRY_AFTER_S[refusal.code as AnyRefusal['code']];
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  return reply
    .code(status)
    .type('application/problem+json')
    .send(
      toPlain({
        ...refusal.facts,
        type: `/problems/${refusal.code}`,
        title,
        status,
        code: refusal.code,
        detail: refusal.detail,
        ...(fields === undefined ? {} : { errors: fields }),
      }),
    );
}
