export {
  addressOf,
  amountOf,
  amountPart,
  currencyOf,
  type Fields,
  objectOf,
  textOf,
  timeOf,
} from './answer-fields.ts';
export { addKey, type KeptKey, type KeyRefusal, withdrawKey } from './key-list.ts';
export { keyObjectOf } from './key-objects.ts';
export { formatTime, parseRequestTime } from './request-time.ts';
export {
  formatSignatureHeader,
  parseSignatureHeader,
  readPrivateKey,
  readPublicKey,
  type Signed,
  signatureBytes,
  signMessage,
  verifyMessage,
} from './signature.ts';
export {
  acknowledgment,
  type CallResult,
  callSigned,
  type OwnKey,
  type PublicKeyOf,
  resultOf,
  type Said,
} from './signed-call.ts';
