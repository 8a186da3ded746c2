/**
 * A bank account as register and settlementInfo/update describe it, held to what its region needs: a routing number and the
 * bank's name in the US, the holder's tax number in Brazil, an IBAN in the United Kingdom and the euro area, a SWIFT code
 * elsewhere. Whether a rail pays into it is not decided here.
 */
import type { BankAccountInput } from '../../parties/index.ts';
import type { SettlementAccount } from '../../registrations/index.ts';
import type { Fields } from './fields.ts';
import { needRegion, needWord, readAddress } from './merchant-info.ts';

/** Whose accounts have an IBAN: the euro area and the United Kingdom. */
const IBAN_REGIONS = new Set('AT BE BG CY DE EE ES FI FR GB GR HR IE IT LT LU LV MT NL PT SI SK'.split(' '));

/** `fields.wrong` says whether it can be used. */
export function readSettlementAccount(fields: Fields, path: string): Pick<SettlementAccount, 'account' | 'payable'> {
  const accountNumber = fields.needText(`${path}.bankAccountNo`, 64);
  const holderName = fields.needText(`${path}.accountHolderName`, 64);
  const country = needRegion(fields, `${path}.bankRegion`);
  needWord(fields, `${path}.accountHolderType`, ['INDIVIDUAL', 'ENTERPRISE']);
  const type = fields.word(`${path}.accountType`, ['CHECKING', 'FIXED_DEPOSIT'] as const);
  const routingNumber = fields.text(`${path}.routingNumber`, 9);
  const [swift, iban] = [fields.text(`${path}.swiftCode`, 11), fields.text(`${path}.iban`, 34)];
  const [bank, tin] = [fields.text(`${path}.bankName`, 256), fields.text(`${path}.accountHolderTIN`, 32)];
  fields.text(`${path}.branchCode`, 32);
  if (fields.has(`${path}.accountHolderAddress`)) readAddress(fields, `${path}.accountHolderAddress`);
  const needs = (name: string, value: string | null): void => {
    if (value === null) fields.reject(`${path}.${name}`, `is needed for an account in ${country}`);
  };
  if (country === 'US') {
    needs('routingNumber', routingNumber);
    needs('bankName', bank);
  } else if (country === 'BR') needs('accountHolderTIN', tin);
  else if (IBAN_REGIONS.has(country)) needs('iban', iban);
  else needs('swiftCode', swift);
  if (swift !== null && !/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(swift))
    fields.reject(`${path}.swiftCode`, 'must be a SWIFT code (ISO 9362)');
  const account: BankAccountInput = {
    country,
    routingNumber: routingNumber ?? '',
    accountNumber,
    accountType: 'checking',
    holderName,
  };
  return { account, payable: type !== 'FIXED_DEPOSIT' };
}
