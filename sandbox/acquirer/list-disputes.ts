/**
 * POST /disputes: what changed since an instant, oldest change first, in pages. The cursor is the number of the last change
 * on the page; a dispute that changes while pages are read comes again, later, and none is missed.
 */
import { msOf, parseInstant } from '../../src/base/clock.ts';
import { bodyObject, json, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import type { DisputeRow } from './dispute.ts';
import { disputeAnswer } from './dispute-answer.ts';
import { disputeById } from './dispute-rows.ts';
import { readFields } from './fields.ts';
import { invalid, notFound } from './messages.ts';

const PAGE = 500;

export function listDisputes({ store }: Acquirer, request: Request): Reply {
  const fields = readFields(bodyObject(request) ?? {});
  const text = fields.text('fromTimestamp', { required: true });
  const from = parseInstant(text);
  if (text !== null && from === null) fields.fail('fromTimestamp', 'must be an instant in UTC');
  const cursor = fields.text('cursor', { pattern: /^\d{1,15}$/ }) ?? '0';
  if (fields.errors.length > 0 || from === null) return invalid(fields.errors);
  const found = store.all<DisputeRow>(
    'select * from dispute where updated_ms >= ? and change_seq > ? order by change_seq limit ?',
    ...[msOf(from), BigInt(cursor), PAGE + 1],
  );
  const page = found.slice(0, PAGE);
  const next = found.length > PAGE ? { nextCursor: String(page.at(-1)?.change_seq) } : {};
  return json(200, { disputes: page.map((dispute) => disputeAnswer(store, dispute)), ...next });
}

export function getDispute({ store }: Acquirer, request: Request): Reply {
  const dispute = disputeById(store, request.params.id ?? '');
  return dispute === null ? notFound('dispute') : json(200, disputeAnswer(store, dispute));
}
