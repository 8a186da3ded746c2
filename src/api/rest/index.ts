import type { App } from '../app.ts';
import { agreementRoutes } from './agreements.ts';
import { amsClientRoutes } from './ams-clients.ts';
import { buyerRoutes } from './buyers.ts';
import { campaignRoutes } from './campaigns.ts';
import { checkoutLinkRoutes } from './checkout-links.ts';
import { clearingRoutes } from './clearing.ts';
import { clearingFileRoutes } from './clearing-files.ts';
import { conversionRoutes } from './conversions.ts';
import { debtRoutes } from './debts.ts';
import { disputeRoutes } from './disputes.ts';
import { fxRoutes } from './fx.ts';
import { fxDealRoutes } from './fx-deals.ts';
import { growthRoutes } from './growth.ts';
import { hubCodeRoutes } from './hub-codes.ts';
import { hubPaymentRoutes } from './hub-payments.ts';
import { inboundRoutes } from './inbound.ts';
import { ledgerRoutes } from './ledger.ts';
import { marketplaceRoutes } from './marketplaces.ts';
import { networkAccountRoutes } from './network-accounts.ts';
import { operationRoutes } from './operations.ts';
import { orderRoutes } from './orders.ts';
import { participantRoutes } from './participants.ts';
import { paymentRoutes } from './payments.ts';
import { payoutRunRoutes } from './payout-runs.ts';
import { payoutRoutes } from './payouts.ts';
import { orderReadRoutes } from './read-orders.ts';
import { breakRoutes, lineRoutes } from './reconciliation.ts';
import { registrationRoutes } from './registrations.ts';
import type { Routes } from './routes.ts';
import { sellerRoutes } from './sellers.ts';
import { sessionRoutes } from './session.ts';
import { shopRoutes } from './shops.ts';
import { systemRoutes } from './system.ts';
import { vaultKeyRoutes } from './vault-keys.ts';
import { voucherRoutes } from './vouchers.ts';

const ROUTES = [
  marketplaceRoutes,
  networkAccountRoutes,
  sellerRoutes,
  buyerRoutes,
  orderRoutes,
  orderReadRoutes,
  paymentRoutes,
  checkoutLinkRoutes,
  agreementRoutes,
  campaignRoutes,
  voucherRoutes,
  payoutRoutes,
  payoutRunRoutes,
  disputeRoutes,
  debtRoutes,
  fxRoutes,
  conversionRoutes,
  fxDealRoutes,
  clearingRoutes,
  clearingFileRoutes,
  growthRoutes,
  ledgerRoutes,
  lineRoutes,
  breakRoutes,
  operationRoutes,
  systemRoutes,
  amsClientRoutes,
  shopRoutes,
  hubCodeRoutes,
  hubPaymentRoutes,
  participantRoutes,
  registrationRoutes,
  vaultKeyRoutes,
  sessionRoutes,
  inboundRoutes,
];

/** Every REST route. */
export async function registerRoutes(server: Routes, app: App): Promise<void> {
  for (const routes of ROUTES) routes(server, app);
}
