export {
  type ChargebackTerms,
  DEFAULT_CHARGEBACK_TERMS,
  type FeePlan,
  type FeePlanInput,
  feeOn,
  feeReturnedOn,
  makeFeePlan,
} from './fee-plan.ts';
