/** Home wallets over Alipay+ messages. connector.ts asks, pay-body.ts writes, answers.ts says what answers mean. */
export { type ApsWalletDeps, createApsWallet } from './connector.ts';
