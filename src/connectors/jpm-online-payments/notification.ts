/**
 * Reads a notification. It is a thin event: it says that something changed, never what is true, so only
 * the identifiers are taken and the caller asks the network. Unknown types and fields pass; one that names a dispute is
 * about that dispute, whatever its type.
 */
import { type AcquirerNotification, MalformedFile } from '../ports/card-acquirer.ts';
import { parseObject, text } from './lenient-json.ts';

/** What can be a key: printable, without spaces. A NUL or half a surrogate pair could not be stored. */
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/;

/** @throws MalformedFile when the body is not a JSON object or has no usable notificationId, the key of deduplication. */
export function parseNotification(body: Uint8Array): AcquirerNotification {
  const event = parseObject(body);
  if (event === undefined) throw new MalformedFile('notification: not a JSON object');
  const notificationId = text(event.notificationId);
  if (notificationId === undefined) throw new MalformedFile('notification: field notificationId is missing');
  if (!IDENTIFIER.test(notificationId)) throw new MalformedFile('notification: notificationId is not an identifier');
  const reference = identifier(event.requestId);
  const networkId = identifier(event.transactionId);
  const dispute = identifier(event.disputeId);
  const type = [text(event.notificationType), text(event.notificationSubType)].filter((part) => part !== undefined);
  return {
    notificationId,
    ...(reference === undefined ? {} : { reference }),
    ...(networkId === undefined ? {} : { networkId }),
    type: type.join('.') || 'unknown',
    ...(dispute === undefined ? {} : { dispute }),
  };
}

/** An identifier of another form is none of ours or theirs: there is nothing to ask about. */
function identifier(value: unknown): string | undefined {
  const found = text(value);
  return found !== undefined && IDENTIFIER.test(found) ? found : undefined;
}
