/** Why a command about registrations is refused. */
import type { Refusal } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';
import type { PartyRefusal } from '../parties/index.ts';

export type AttachmentRefusal = Refusal<'invalid_attachment'> | JournalRefusal;

/** Of the decision about a registration. */
export type DecisionRefusal =
  | Refusal<'not_found' | 'illegal_move' | 'no_payable_account'>
  | PartyRefusal
  | JournalRefusal;

export type RegistrationRefusal =
  | Refusal<'registration_under_review' | 'already_registered' | 'login_taken' | 'unknown_attachment'>
  | DecisionRefusal;
