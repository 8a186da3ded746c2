/** The same contract for a network that is as unlike J.P. Morgan's as we could make it. */
import { type AcquirerUnderTest, cardAcquirerContract } from './card-acquirer.ts';
import { usd } from './merchant.ts';
import { createOtherAcquirer } from './other-acquirer.ts';
import { OtherNetwork } from './other-network.ts';

const PATHS = {
  authorize: '/authorizations',
  capture: '/clearings',
  void: '/cancellations',
  refund: '/credits',
} as const;

cardAcquirerContract('another network, in two messages', async (): Promise<AcquirerUnderTest> => {
  const network = new OtherNetwork();
  return {
    acquirer: createOtherAcquirer(network),
    lacks: {
      partial_approval: 'this network approves all or nothing',
      reauthorize: 'this network does not authorize again',
      refund_of_one_capture: 'this network credits the payment, not a capture of it',
      all_reports: 'this network issues one file a day',
    },
    payment: (outcome) => ({ cardToken: `tok_${outcome === 'declined' ? '9995' : '0000'}`, amount: usd(1_500n) }),
    disturb: async (disturbance, kind) => network.order(PATHS[kind], disturbance),
    closeDay: async () => network.closeDay(),
    stop: async () => undefined,
  };
});
