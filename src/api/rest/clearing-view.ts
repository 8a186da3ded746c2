/** How cycles, batches, settlements and files of the hub look to a client. */
import { money } from '../../base/money.ts';
import type { ClearingBatch, ClearingCycle, ClearingFile, SettlementView } from '../../wallets/index.ts';

export const viewCycle = ({ id, state, day, from, to, payments, refunds, rates, closedAt }: ClearingCycle) => ({
  ...{ id, state, day, from, to },
  ...{ payments, refunds, rates, closedAt },
});

export const viewBatch = (batch: ClearingBatch) => {
  const { id, state, day, participantId, role, batchId, payments, refunds, paid, refunded, fees, net } = batch;
  const { dueOn, calendarKnown, settlement } = batch;
  return {
    ...{ id, state, day, participantId, role, batchId, payments, refunds, paid, refunded, fees, net },
    ...{ dueOn, calendarKnown, settlement },
  };
};

export const viewFile = ({ area, participantId, day, name, lines, total, sha256, size, madeAt }: ClearingFile) => ({
  path: `/v1/settlements/${area}/${participantId}/${day}/${name}`,
  ...{ name, lines, total, sha256, size, madeAt },
});

export const viewSettlement = ({ net, state, ...settlement }: SettlementView) => {
  const { id, reference, participantId, name, agreementId, dueOn, booked } = settlement;
  const amount = money(net.amount < 0n ? -net.amount : net.amount, net.currency);
  const direction = net.amount === 0n ? 'none' : net.amount > 0n ? 'in' : 'out';
  return {
    ...{ id, state: state === 'reported' ? 'instructed' : state, reference, participantId, name, agreementId, dueOn },
    ...{ direction, amount, booked },
  };
};
