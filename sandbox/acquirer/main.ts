/**
 * The sandbox's card acquirer: the part of J.P. Morgan Online Payments v2 that a marketplace uses, with its daily close,
 * settlement report, funds transfer and notifications.
 * Settings: PORT (4101), DATA_FILE, CLOCK_URL, BANK_URL, NOTIFY_URL, NOTIFY_TOKEN, MERCHANT_ID, SETTLEMENT_ACCOUNT.
 */
import { makeAgenda } from '../base/agenda.ts';
import { openBusinessTime } from '../base/business-time.ts';
import { makeFaults, NOTIFY_KINDS, REQUEST_KINDS } from '../base/faults.ts';
import { runNetwork } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import { type Acquirer, OPERATIONS } from './acquirer.ts';
import { dailyClose } from './daily-close.ts';
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
  faults: makeFaults(store, OPERATIONS, [...REQUEST_KINDS, ...NOTIFY_KINDS]),
  settings: {
    merchantId: environment.MERCHANT_ID ?? '998482157630',
    bankUrl: environment.BANK_URL,
    settlementAccount: environment.SETTLEMENT_ACCOUNT ?? '000123456789',
    notifyUrl: environment.NOTIFY_URL,
    notifyToken: environment.NOTIFY_TOKEN,
  },
};
const agenda = makeAgenda([dailyClose(acquirer), fundsTransfer(acquirer), deliverNotifications(acquirer)], time.nowMs);
const port = Number(environment.PORT ?? 4101);
await runNetwork({ name: 'acquirer', port, clockUrl, store, time, agenda, routes: acquirerRoutes(acquirer) });
