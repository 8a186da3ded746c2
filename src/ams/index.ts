export { cancelThroughAms, captureThroughAms, refundThroughAms } from './ask.ts';
export type { AmsDeps } from './deps.ts';
export type { AmsClientRefusal, AmsRefusal } from './errors.ts';
export { type AmsPay, payThroughAms } from './pay.ts';
export {
  addClientKey,
  CLIENT_DEFAULTS,
  type RegisterClient,
  registerClient,
  withdrawClientKey,
} from './register-client.ts';
export {
  AMS_PAYMENT_MOVES,
  AMS_REQUEST_MOVES,
  type AmsClient,
  type AmsPayment,
  type AmsRequest,
  type ClientDefaults,
} from './rows.ts';
export { operationFor, outcomeOf, type Standing, standingOf } from './standing.ts';
export { findAmsPayment, findClient, findRequest, listClients, loadAmsPayment, loadRequest } from './store.ts';
