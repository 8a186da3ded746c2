/** A settlement of the hub as reconciliation waits for it: the same row as a network's batch, closed by a line with its reference. */
import { isZero, zero } from '../base/money.ts';
import { absent, insert, part, type UnitPart } from '../journal/index.ts';
import type { HubSettlement } from '../wallets/index.ts';
import { type Settlement, settlements } from './rows.ts';

/** The part of the unit that instructs it; its event is the instruction's. What comes to nothing is matched: no line will come. */
export function expectHubMoney(settlement: HubSettlement): UnitPart {
  const { id, reference, participant, agreementId, dueOn, paid, refunded, fees, net, at } = settlement;
  const none = zero(net.currency);
  const row: Settlement = {
    id,
    version: 0,
    state: isZero(net) ? 'matched' : 'reported',
    network: participant,
    kind: 'hub',
    agreementId,
    feesBy: 'operation',
    batch: reference,
    day: dueOn,
    sales: paid,
    refunds: refunded,
    fees,
    disputes: none,
    converted: [],
    net,
    booked: none,
    reportedAt: at,
  };
  return part({ writes: [insert(settlements, row)], guards: [absent(settlements, 'batch', reference)] });
}
