/** One page that says what a defense has to show: as PDF 1.4 (ISO 32000-1), made of lines in a font that every reader has. */
import { formatMoney } from '../../base/money.ts';
import type { Case } from '../../disputes/index.ts';

const EVIDENCE: Readonly<Record<Case['reason']['kind'], readonly string[]>> = {
  fraud: [
    'Proof that the cardholder took part: authentication, address, earlier undisputed orders.',
    'Proof of delivery.',
  ],
  authorization: ['The authorization that the issuer gave, with its time and amount.'],
  processing: ['The order and its amount as agreed.', 'Any refund that was made, with date and amount.'],
  consumer: [
    'What was agreed: description, terms, ship-by date.',
    'Proof of delivery or of the service.',
    'What was said with the buyer.',
  ],
  other: ['What was agreed, what was delivered, and what was said with the buyer.'],
};

export const evidenceTemplate = (row: Case): Uint8Array =>
  pdfOf([
    'Defense of a dispute',
    '',
    `Dispute: ${row.id}`,
    `Order: ${row.order}`,
    `Amount: ${formatMoney(row.amount)}`,
    `Reason: ${row.reason.code} ${row.reason.title}`,
    `Stage: ${row.stage.replaceAll('_', ' ')}`,
    ...(row.respondBy === null ? [] : [`Hand in before: ${row.respondBy}`]),
    '',
    'Put into one file:',
    ...EVIDENCE[row.reason.kind].map((line) => `- ${line}`),
    '',
    'One answer is taken in a stage.',
  ]);

const LINE_POINTS = 16;

function pdfOf(lines: readonly string[]): Uint8Array {
  const shown = lines.map((line) => `(${textOf(line)}) Tj T*`).join('\n');
  const content = `BT /F1 11 Tf ${LINE_POINTS} TL 56 780 Td\n${shown}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ].map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`);
  const head = '%PDF-1.4\n';
  const offsets = objects.map((_, index) => head.length + objects.slice(0, index).join('').length);
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  const start = head.length + objects.join('').length;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(head + objects.join('') + table + trailer, 'latin1');
}

/** Printable ASCII; what delimits a string is escaped. */
const textOf = (line: string): string => line.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&');
