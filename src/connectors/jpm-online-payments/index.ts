/**
 * J.P. Morgan as a card network: Online Payments v2 as acquirer, 3-D Secure, Dispute Management. See connector.ts for
 * behaviour and answers.ts for the translation.
 */
export { createJpmAuthentication } from './authentication.ts';
export { createJpmOnlinePayments } from './connector.ts';
export { createJpmDisputes } from './disputes.ts';
export type { JpmOnlinePaymentsDeps } from './line.ts';
export type { JpmOnlinePaymentsSettings } from './settings.ts';
export { NOT_REACHED } from './transport.ts';
