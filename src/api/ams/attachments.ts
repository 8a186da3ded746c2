/** submitAttachment: a document of a registration, with its bytes, or announced by its hash where a client sends no bytes. */
import type { Refusal } from '../../base/result.ts';
import { submitAttachment } from '../../registrations/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import { SUCCESS } from './results.ts';

const TYPES = [
  'SIGNATURE_AUTHORIZATION_LETTER',
  'ARTICLES_OF_ASSOCIATION',
  'LOGO',
  'AUTHORIZER_SIGNATURE_CONFIRMATION_LETTER',
  'ASSOCIATION_ARTICLE',
  'FINANCIAL_REPORT',
  'OWNERSHIP_STRUCTURE_PIC',
  'ADDRESS_PROOF',
  'UBO_PROVE',
  'ENTERPRISE_REGISTRATION',
  'LICENSE_INFO',
  'ID_CARD',
  'PASSPORT',
  'DRIVING_LICENSE',
  'CPF',
  'CNPJ',
] as const;

export const ATTACHMENT_TYPES: readonly string[] = TYPES;

export async function submitAttachmentOf({ app, client, fields, files }: Call): Promise<Answer> {
  const requestId = fields.needText('submitAttachmentRequestId', 64);
  const type = fields.word('attachmentType', TYPES);
  const sha256 = fields.needText('fileSha256', 64).toLowerCase();
  if (type === null) fields.reject('attachmentType', 'is needed');
  if (!/^[0-9a-f]{64}$/.test(sha256)) fields.reject('fileSha256', 'must be a SHA-256 in hex');
  if (fields.wrong !== null || type === null) return refused(fields.wrong as Refusal);
  const content = files?.get('file') ?? files?.get('imageFile') ?? null;
  const submitted = await submitAttachment(app.ams.registrations, {
    owner: client.id,
    requestId,
    type,
    sha256,
    content,
  });
  if (!submitted.ok) return refused(submitted.error);
  return {
    result: SUCCESS,
    submitAttachmentRequestId: requestId,
    attachmentType: type,
    attachmentKey: submitted.value.id,
  };
}
