/** Why a reconciliation command is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type ReconciliationRefusal =
  | Refusal<'not_found' | 'illegal_move' | 'wrong_direction' | 'already_imported'>
  | JournalRefusal;
