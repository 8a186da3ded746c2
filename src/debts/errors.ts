/** Why a debt command is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type DebtRefusal = Refusal<'not_found' | 'illegal_move' | 'amount_exceeds_debt'> | JournalRefusal;
