/** register and settlementInfo/update: sellers who ask to be taken on, and where a seller is paid to. Both end by notification. */
import { instructLater, sellerNamed } from '../../ams/index.ts';
import { isCurrency } from '../../base/currency.ts';
import { commandKey } from '../../journal/index.ts';
import { checkAccount } from '../../parties/index.ts';
import { registerSeller, type SettlementAccount } from '../../registrations/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { readMerchantInfo } from './merchant-info.ts';
import { resultOfRefusal, SUCCESS } from './results.ts';
import { readSettlementAccount } from './settlement-account.ts';

const MOST_ACCOUNTS = 10;
const MOST_METHODS = 100;

export async function register({ app, client, fields }: Call): Promise<Answer> {
  const requestId = fields.needText('registrationRequestId', 64);
  const reference = fields.needText('merchantInfo.referenceMerchantId', 64);
  const merchant = readMerchantInfo(fields);
  const accounts = readAccounts(fields);
  const paymentMethods = readMethods(fields);
  if (fields.wrong !== null) return refused(fields.wrong);
  if (client.sellers[reference] !== undefined)
    return refused({ code: 'already_registered', detail: 'the client has a seller of this name' });
  const { marketplace, id: registrar } = client;
  const input = { marketplace, registrar, requestId, reference, merchant, accounts, paymentMethods };
  const command = commandKey(client.id, `register ${requestId}`, 'ams_register', {
    reference,
    merchantInfo: merchant.said,
    accounts,
    paymentMethods,
  });
  const registered = await registerSeller(app.ams.registrations, command, input);
  return registered.ok ? { result: SUCCESS, registrationStatus: 'PROCESSING' } : refused(registered.error);
}

function readAccounts(fields: Fields): readonly SettlementAccount[] {
  const count = fields.count('settlementInfos', MOST_ACCOUNTS);
  if (count === 0) fields.reject('settlementInfos', 'is needed');
  return Array.from({ length: count }, (_, index) => {
    const path = `settlementInfos.${index}`;
    const currency = readCurrency(fields, `${path}.settlementCurrency`);
    return { currency, ...readSettlementAccount(fields, `${path}.settlementBankAccount`) };
  });
}

function readMethods(fields: Fields): readonly string[] {
  const count = fields.count('paymentMethods', MOST_METHODS);
  if (count === 0) fields.reject('paymentMethods', 'is needed');
  return Array.from({ length: count }, (_, index) => fields.needText(`paymentMethods.${index}.paymentMethodType`, 64));
}

function readCurrency(fields: Fields, path: string): string {
  const currency = fields.needText(path, 3);
  if (!isCurrency(currency)) fields.reject(path, 'must be an ISO 4217 code');
  return currency;
}

/** What cannot be paid at all is refused at once; the change itself is made by a job, and told. */
export async function updateSettlementInfo({ app, client, fields }: Call): Promise<Answer> {
  const requestId = fields.needText('updateRequestId', 64);
  const merchant = fields.needText('referenceMerchantId', 64);
  const currency = readCurrency(fields, 'settlementCurrency');
  const { account, payable } = readSettlementAccount(fields, 'settlementBankAccount');
  if (fields.wrong !== null) return refused(fields.wrong);
  const seller = await sellerNamed(app.journal.db, client, merchant);
  if (seller === null)
    return refused({ code: 'unknown_merchant', detail: 'no such seller', pointer: '/referenceMerchantId' });
  if (currency !== 'USD' || !payable)
    return refused({ code: 'no_payable_account', detail: `no rail pays ${currency} into this kind of account` });
  const valid = checkAccount(app.parties, account, '/settlementBankAccount');
  if (!valid.ok) return refused(valid.error);
  const wish = { kind: 'account', seller: seller.id, merchant, currency, account } as const;
  const row = await instructLater(app.ams, { client, requestId, wish, notifyUrl: null });
  if (!row.ok) return refused(row.error);
  const { ending } = row.value;
  return ending === null ? { result: SUCCESS, updateStatus: 'PROCESSING' } : { result: resultOfRefusal(ending) };
}
