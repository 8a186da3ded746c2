export { checkFeePlan, type FeePlan, feeOn } from './fee-plan.ts';
