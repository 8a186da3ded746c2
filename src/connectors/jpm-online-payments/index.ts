/** J.P. Morgan Online Payments v2 as a card acquirer. See connector.ts for behaviour and answers.ts for the translation. */
export { createJpmOnlinePayments, type JpmOnlinePaymentsDeps } from './connector.ts';
export type { JpmOnlinePaymentsSettings } from './settings.ts';
export { NOT_REACHED } from './transport.ts';
