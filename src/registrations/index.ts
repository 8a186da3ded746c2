export {
  ATTACHMENT_MOVES,
  type Attachment,
  attachmentBytes,
  findAttachment,
  MAX_ATTACHMENT_BYTES,
  submitAttachment,
} from './attachment.ts';
export type { RegistrationDeps } from './deps.ts';
export type { AttachmentRefusal, DecisionRefusal, RegistrationRefusal } from './errors.ts';
export { type RegisterSeller, registerSeller } from './register-seller.ts';
export {
  type Applicant,
  type Certificate,
  type Person,
  REGISTRATION_MOVES,
  type Registration,
  type SettlementAccount,
} from './registration.ts';
export { decideRegistration, registrationJobs } from './review.ts';
export { findLiveRegistration, findRegistration, listRegistrations, referenceOfSeller } from './store.ts';
