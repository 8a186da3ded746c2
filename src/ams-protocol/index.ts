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
