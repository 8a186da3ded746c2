/**
 * The sandbox's card acquirer: the part of J.P. Morgan Online Payments v2 that a marketplace uses, with authentication,
 * disputes, its daily close, reports, funds transfers and notifications (docs/sandbox-acquirer.md).
 * Settings: PORT (4101), DATA_FILE, CLOCK_URL, BANK_URL, NOTIFY_URL, NOTIFY_TOKEN, MERCHANT_ID, MERCHANT_NAME,
 * SETTLEMENT_ACCOUNT, SETTLEMENT_CURRENCY, NETWORK_NAME (acquirer).
 */
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { makeAgenda } from '../base/agenda.ts';
import { openBusinessTime } from '../base/business-time.ts';
import { FILE_KINDS, ISSUER_KINDS, makeFaults, NOTIFY_KINDS, REQUEST_KINDS } from '../base/faults.ts';
import { runNetwork } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import { type Acquirer, OPERATIONS } from './acquirer.ts';
import { dailyClose } from './daily-close.ts';
import { delayedCapture } from './delayed-capture.ts';
import { lapseDisputes } from './dispute-lapse.ts';
import { isConverted } from './exchange-rates.ts';
import { fundsTransfer } from './funds-transfer.ts';
import { deliverNotifications } from './notifications.ts';
import { acquirerRoutes } from './routes.ts';
import { ACQUIRER_SCHEMA } from './schema.ts';

const environment = process.env;
const store = openStore(environment.DATA_FILE ?? './data/sandbox/acquirer.sqlite', ACQUIRER_SCHEMA);
const clockUrl = environment.CLOCK_URL;
const time = await openBusinessTime(store, clockUrl);
const acquirer: Acquirer = {
  store,
  time,
  faults: makeFaults(store, OPERATIONS, [...REQUEST_KINDS, ...NOTIFY_KINDS, ...FILE_KINDS, ...ISSUER_KINDS]),
  settings: {
    merchantId: environment.MERCHANT_ID ?? '998482157630',
    merchantName: environment.MERCHANT_NAME ?? 'Causeway Marketplace',
    bankUrl: environment.BANK_URL,
    settlementAccount: environment.SETTLEMENT_ACCOUNT ?? '000123456789',
    settlementCurrency: settlementCurrency(environment.SETTLEMENT_CURRENCY),
    notifyUrl: environment.NOTIFY_URL,
    notifyToken: environment.NOTIFY_TOKEN,
  },
};
// At one instant the earlier in this list goes first: a capture or lapse that is due at the close is in the next one.
const activities = [dailyClose, fundsTransfer, delayedCapture, lapseDisputes, deliverNotifications];
const agenda = makeAgenda(
  activities.map((activity) => activity(acquirer)),
  time.nowMs,
);
const port = Number(environment.PORT ?? 4101);
// The clock tells its participants apart by name.
const name = environment.NETWORK_NAME ?? 'acquirer';
await runNetwork({ name, port, clockUrl, store, time, agenda, routes: acquirerRoutes(acquirer) });

/** A code that nothing can be converted into would stop at the first payment; it stops here. */
function settlementCurrency(code: string | undefined): Currency | undefined {
  if (code === undefined || code === '') return undefined;
  if (isCurrency(code) && isConverted('USD', code)) return code;
  throw new Error(`SETTLEMENT_CURRENCY: "${code}" is not a currency that is converted into here`);
}
