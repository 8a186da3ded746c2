/** The console's places: where they are, their key after `g`, and whether they are the operator's alone. */
import {
  IconBuildingBank,
  IconBuildingStore,
  IconListCheck,
  IconMessageReport,
  IconQrcode,
  IconReceipt,
  IconScale,
  IconWallet,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Session } from '../api/client.ts';

export interface Place {
  readonly to:
    | '/orders'
    | '/disputes'
    | '/payouts'
    | '/sellers'
    | '/wallets'
    | '/shop-payments'
    | '/ledger'
    | '/reconciliation';
  readonly label: string;
  readonly key: string;
  readonly icon: TablerIcon;
  readonly operatorOnly?: true;
}

const PLACES: readonly Place[] = [
  { to: '/orders', label: 'Orders', key: 'o', icon: IconReceipt },
  { to: '/disputes', label: 'Disputes', key: 'd', icon: IconMessageReport },
  { to: '/payouts', label: 'Payouts', key: 'p', icon: IconBuildingBank },
  { to: '/sellers', label: 'Sellers', key: 's', icon: IconBuildingStore },
  { to: '/wallets', label: 'Wallets', key: 'w', icon: IconWallet, operatorOnly: true },
  { to: '/shop-payments', label: 'Shop payments', key: 'h', icon: IconQrcode, operatorOnly: true },
  { to: '/ledger', label: 'Ledger', key: 'l', icon: IconScale, operatorOnly: true },
  { to: '/reconciliation', label: 'Reconciliation', key: 'r', icon: IconListCheck, operatorOnly: true },
];

/** The places this session may see; the server refuses the others whatever is shown. */
export const placesOf = (session: Session): readonly Place[] =>
  PLACES.filter((place) => place.operatorOnly !== true || session.role === 'operator');
