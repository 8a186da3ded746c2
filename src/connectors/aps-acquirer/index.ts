/** Acquirers of the hub over the messages of docs/hub.md. connector.ts asks, answers.ts says what answers mean. */
export { type ApsAcquirerDeps, createApsAcquirer } from './connector.ts';
