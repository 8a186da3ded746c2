/** The console's places: where they are, their key after `g`, and whether they are the operator's alone. */
import {
  IconBuildingBank,
  IconBuildingStore,
  IconListCheck,
  IconMessageReport,
  IconReceipt,
  IconScale,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Session } from '../api/client.ts';

export interface Place {
  readonly to: '/orders' | '/disputes' | '/payouts' | '/sellers' | '/ledger' | '/reconciliation';
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
  { to: '/ledger', label: 'Ledger', key: 'l', icon: IconScale, operatorOnly: true },
  { to: '/reconciliation', label: 'Reconciliation', key: 'r', icon: IconListCheck, operatorOnly: true },
];

/** The places this session may see; the server refuses the others whatever is shown. */
export const placesOf = (session: Session): readonly Place[] =>
  PLACES.filter((place) => place.operatorOnly !== true || session.role === 'operator');
