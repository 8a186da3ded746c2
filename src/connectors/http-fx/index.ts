/** A rate service over HTTP. See connector.ts. */
export { createHttpFx, type HttpFxDeps } from './connector.ts';
export type { HttpFxSettings } from './settings.ts';
