export {
  findInbound,
  type InboundMessage,
  keepOutboundFile,
  knownMessages,
  loadInbound,
  loadOutboundFile,
  type StoredMessage,
  storeInbound,
} from './inbound.ts';
export { createNetworkHttp } from './network-http.ts';
export { createTurns, type Turns } from './turns.ts';
