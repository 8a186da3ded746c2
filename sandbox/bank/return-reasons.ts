/**
 * Why an entry comes back. The receiving account number decides, so that a story chooses the outcome by the account it pays:
 * `9900` and two digits NN is returned with RNN; everything else is paid.
 * Source of the texts: NACHA return reason codes.
 */
const TITLES: Readonly<Record<string, string>> = {
  R01: 'INSUFFICIENT FUNDS',
  R02: 'ACCOUNT CLOSED',
  R03: 'NO ACCOUNT/UNABLE TO LOCATE ACCOUNT',
  R04: 'INVALID ACCOUNT NUMBER',
  R06: 'RETURNED PER ODFI REQUEST',
  R10: 'CUSTOMER ADVISES NOT AUTHORIZED',
  R12: 'BRANCH SOLD TO ANOTHER DFI',
  R13: 'RDFI NOT QUALIFIED TO PARTICIPATE',
  R14: 'REPRESENTATIVE PAYEE DECEASED',
  R15: 'BENEFICIARY OR ACCOUNT HOLDER DECEASED',
  R16: 'ACCOUNT FROZEN',
  R17: 'FILE RECORD EDIT CRITERIA',
  R20: 'NON-TRANSACTION ACCOUNT',
  R23: 'CREDIT ENTRY REFUSED BY RECEIVER',
  R24: 'DUPLICATE ENTRY',
  R29: 'CORPORATE CUSTOMER ADVISES NOT AUTHORIZED',
};

/** R01–R99 for an account that sends money back, or null for one that takes it. */
export function returnReason(account: string): string | null {
  const match = /^9900(\d\d)/.exec(account.trim());
  return match?.[1] === undefined || match[1] === '00' ? null : `R${match[1]}`;
}

export const reasonText = (reason: string): string => TITLES[reason] ?? 'RETURNED';
