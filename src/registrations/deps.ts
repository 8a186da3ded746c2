/** What registrations work with; wired in main. */
import type { PartyDeps } from '../parties/index.ts';

export interface RegistrationDeps extends PartyDeps {
  /** Who decides once the checks have run: they themselves, in a sandbox, or a person of the operator. */
  readonly decides: 'checks' | 'person';
}
