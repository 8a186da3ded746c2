/** A person has scanned a code: what it leads to, with the payments of this hub (hub-codes/scan-code.ts decides). */
import type { Result } from '../base/result.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { type ScanCode, type Scanned, type ScanRefusal, scanCode } from './hub-codes/index.ts';
import { offerPayment } from './offer-payment.ts';
import { openForPerson } from './open-for-person.ts';

export const scan = (deps: HubDeps, input: ScanCode): Promise<Result<Scanned, ScanRefusal | HubRefusal>> =>
  scanCode(
    {
      ...deps,
      offer: (payment, payer) => offerPayment(deps, payment.id, payer),
      open: (opening) => openForPerson(deps, opening),
    },
    input,
  );
