/** Asking an acquirer what its own code stands for. What it refuses is told in its words; no answer is no refusal. */
import { ok, type Result, refuse } from '../../base/result.ts';
import type { DecodedCode, ShopAcquirer } from '../../connectors/ports/shop-acquirer.ts';
import type { Participant } from '../../parties/index.ts';
import { acquirerTarget } from './acquirer-target.ts';
import type { ScanRefusal } from './errors.ts';

export async function askAcquirer(
  acquirers: Pick<ShopAcquirer, 'decode'>,
  acquirer: Participant,
  code: { readonly value: string; readonly customerId: string },
): Promise<Result<DecodedCode & { readonly outcome: 'order' }, ScanRefusal>> {
  const target = acquirerTarget(acquirer);
  if (target === null) return refuse('invalid_code', `${acquirer.name} has no place where its codes are read`);
  const said = await acquirers.decode(target, code);
  switch (said.outcome) {
    case 'order':
      return ok(said);
    case 'refused':
      return refuse('acquirer_refused', said.message, { facts: { code: said.code } });
    case 'unknown':
      return refuse('acquirer_silent', `${acquirer.name} has not said what its code is: ${said.cause}`);
  }
}
