/**
 * The sandbox's bank: takes NACHA credit files, books them, returns what cannot be paid, receives transfers, and issues a
 * camt.053 statement every day. It holds the operator's account; everybody else's are simply there.
 * Settings: PORT (4102), DATA_FILE, CLOCK_URL, BANK_TOKEN, OPERATOR_ACCOUNT.
 */
import { makeAgenda } from '../base/agenda.ts';
import { openBusinessTime } from '../base/business-time.ts';
import { makeFaults } from '../base/faults.ts';
import { runNetwork } from '../base/network-process.ts';
import { openStore } from '../base/store.ts';
import type { Bank } from './bank.ts';
import { bookFiles } from './booking.ts';
import { openAccount } from './lines.ts';
import { bookReturns } from './returns.ts';
import { bankRoutes } from './routes.ts';
import { BANK_SCHEMA } from './schema.ts';
import { issueStatements } from './statements.ts';

const environment = process.env;
const store = openStore(environment.DATA_FILE ?? './data/sandbox/bank.sqlite', BANK_SCHEMA);
const clockUrl = environment.CLOCK_URL;
const time = await openBusinessTime(store, clockUrl);
const bank: Bank = {
  store,
  time,
  faults: makeFaults(store, ['files'], ['drop_before', 'drop_after', 'http_503']),
  settings: {
    operatorAccount: environment.OPERATOR_ACCOUNT ?? '000123456789',
    operatorCurrency: 'USD',
    token: environment.BANK_TOKEN,
  },
};
openAccount(store, bank.settings.operatorAccount, bank.settings.operatorCurrency, time.nowMs());
const agenda = makeAgenda([bookFiles(bank), bookReturns(bank), issueStatements(bank)], time.nowMs);
const port = Number(environment.PORT ?? 4102);
await runNetwork({ name: 'bank', port, clockUrl, store, time, agenda, routes: bankRoutes(bank) });
