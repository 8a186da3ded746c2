/** The routes. Query strings stay plain text (`?state=paid,shipped`), so that people can read and share them. */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { DisputeScreen } from './screens/disputes/DisputeScreen.tsx';
import { DisputesScreen } from './screens/disputes/DisputesScreen.tsx';
import { parseDisputeSearch } from './screens/disputes/search.ts';
import { parseLedgerSearch } from './screens/ledger/search.ts';
import { OrderScreen } from './screens/order/OrderScreen.tsx';
import { parseOrderPageSearch } from './screens/order/search.ts';
import { OrdersScreen } from './screens/orders/OrdersScreen.tsx';
import { parseOrderSearch } from './screens/orders/search.ts';
import { PayoutScreen } from './screens/payouts/PayoutScreen.tsx';
import { PayoutsScreen } from './screens/payouts/PayoutsScreen.tsx';
import { parsePayoutSearch } from './screens/payouts/search.ts';
import { parseReconciliationSearch } from './screens/reconciliation/search.ts';
import { SellerScreen } from './screens/sellers/SellerScreen.tsx';
import { SellersScreen } from './screens/sellers/SellersScreen.tsx';
import { parseSellerSearch } from './screens/sellers/search.ts';
import { ShopPaymentScreen } from './screens/shop-payments/ShopPaymentScreen.tsx';
import { ShopPaymentsScreen } from './screens/shop-payments/ShopPaymentsScreen.tsx';
import { parseShopPaymentSearch } from './screens/shop-payments/search.ts';
import { Shell } from './shell/Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/orders', search: {} });
  },
});
const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  component: OrdersScreen,
  validateSearch: parseOrderSearch,
});
const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$orderId',
  component: OrderScreen,
  validateSearch: parseOrderPageSearch,
});
const disputes = createRoute({
  getParentRoute: () => root,
  path: '/disputes',
  component: DisputesScreen,
  validateSearch: parseDisputeSearch,
});
const dispute = createRoute({ getParentRoute: () => root, path: '/disputes/$disputeId', component: DisputeScreen });
const payouts = createRoute({
  getParentRoute: () => root,
  path: '/payouts',
  component: PayoutsScreen,
  validateSearch: parsePayoutSearch,
});
const payout = createRoute({ getParentRoute: () => root, path: '/payouts/$payoutId', component: PayoutScreen });
const sellers = createRoute({
  getParentRoute: () => root,
  path: '/sellers',
  component: SellersScreen,
  validateSearch: parseSellerSearch,
});
const seller = createRoute({ getParentRoute: () => root, path: '/sellers/$sellerId', component: SellerScreen });
const wallets = createRoute({
  getParentRoute: () => root,
  path: '/wallets',
  component: lazyRouteComponent(() => import('./screens/wallets/WalletsScreen.tsx'), 'WalletsScreen'),
});
const shopPayments = createRoute({
  getParentRoute: () => root,
  path: '/shop-payments',
  component: ShopPaymentsScreen,
  validateSearch: parseShopPaymentSearch,
});
const shopPayment = createRoute({
  getParentRoute: () => root,
  path: '/shop-payments/$paymentId',
  component: ShopPaymentScreen,
});
const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  component: lazyRouteComponent(() => import('./screens/ledger/LedgerScreen.tsx'), 'LedgerScreen'),
  validateSearch: parseLedgerSearch,
});
const reconciliation = createRoute({
  getParentRoute: () => root,
  path: '/reconciliation',
  component: lazyRouteComponent(
    () => import('./screens/reconciliation/ReconciliationScreen.tsx'),
    'ReconciliationScreen',
  ),
  validateSearch: parseReconciliationSearch,
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    orders,
    order,
    disputes,
    dispute,
    payouts,
    payout,
    sellers,
    seller,
    wallets,
    shopPayments,
    shopPayment,
    ledger,
    reconciliation,
  ]),
  basepath: '/console',
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const set = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return set.length === 0 ? '' : `?${new URLSearchParams(set).toString().replaceAll('%2C', ',')}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  return (
    <div className="empty">
      <h1>No such page</h1>
      <Link to="/orders" search={{}}>
        Go to orders
      </Link>
    </div>
  );
}
