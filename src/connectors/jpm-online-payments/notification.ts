/**
 * Reads a notification (jpmorgan.md §3). It is a thin event: it says that something changed, never what is true, so only
 * the identifiers are taken and the caller asks the network. Unknown types and fields pass.
 */
import { type AcquirerNotification, MalformedFile } from '../ports/card-acquirer.ts';
import { parseObject, text } from './lenient-json.ts';

/** @throws MalformedFile when the body is not a JSON object or has no notificationId, the key of deduplication. */
export function parseNotification(body: Uint8Array): AcquirerNotification {
  const event = parseObject(body);
  if (event === undefined) throw new MalformedFile('notification: not a JSON object');
  const notificationId = text(event.notificationId);
  if (notificationId === undefined) throw new MalformedFile('notification: field notificationId is missing');
  const reference = text(event.requestId);
  const networkId = text(event.transactionId);
  const type = [text(event.notificationType), text(event.notificationSubType)].filter((part) => part !== undefined);
  return {
    notificationId,
    ...(reference === undefined ? {} : { reference }),
    ...(networkId === undefined ? {} : { networkId }),
    type: type.join('.') || 'unknown',
  };
}
