/**
 * What an installation has after its first start: an operator's key, and in the sandbox a marketplace to play with. And
 * what is said at every start: where everything listens, and with which key to look at it.
 */

import type { App } from '../api/app.ts';
import { must } from '../base/result.ts';
import { commandKey } from '../journal/index.ts';
import { createMarketplace, ensureOperatorKey } from '../parties/index.ts';
import type { Config } from './config.ts';
import type { Networks } from './networks.ts';
import { type Secrets, saveSecrets } from './secrets.ts';

export interface Welcome {
  readonly lines: readonly string[];
  readonly operatorKey: string;
  readonly marketplaceKey: string | null;
}

export interface FirstSteps {
  readonly app: App;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly addresses: { readonly api: string; readonly vault: string; readonly networks: Networks };
}

export async function firstSteps({ app, config, secrets, addresses }: FirstSteps): Promise<Welcome> {
  must(
    await ensureOperatorKey(
      app.parties,
      commandKey('system', 'first operator key', 'ensure_operator_key', {}),
      secrets.operatorKey,
    ),
  );
  const marketplaceKey = app.sandbox ? await ensureSandboxMarketplace(app, config, secrets) : null;
  return {
    lines: welcomeLines(app, addresses, secrets, marketplaceKey),
    operatorKey: secrets.operatorKey,
    marketplaceKey,
  };
}

async function ensureSandboxMarketplace(app: App, config: Config, secrets: Secrets): Promise<string | null> {
  if (secrets.marketplaceKey !== null) return secrets.marketplaceKey;
  const command = commandKey('system', 'sandbox marketplace', 'create_marketplace', {});
  const created = must(
    await createMarketplace(app.parties, command, {
      name: 'Sandbox Marketplace',
      feePlan: { percentBps: 200 },
      payoutSchedule: 'daily',
    }),
  );
  // Killed between the commit and this line, the key's secret is lost; the operator's key can make another.
  if (created.kind === 'repeated') return null;
  const { secret } = created.value.apiKey;
  saveSecrets(config.dataDir, { ...secrets, marketplaceKey: secret });
  return secret;
}

function welcomeLines(
  app: App,
  { api, vault, networks }: FirstSteps['addresses'],
  secrets: Secrets,
  marketplaceKey: string | null,
): readonly string[] {
  const lines = [
    `Causeway ${app.version}`,
    `  console    ${api}/console/`,
    `  REST API   ${api}/v1      reference ${api}/docs`,
    `  card vault ${vault}`,
  ];
  if (!app.sandbox) return lines;
  return [
    ...lines,
    `  sandbox    clock ${networks.clockUrl}  acquirer ${networks.acquirer.url}  bank ${networks.bank.baseUrl}`,
    `  operator's key     ${secrets.operatorKey}`,
    ...(marketplaceKey === null ? [] : [`  marketplace's key  ${marketplaceKey}   (Sandbox Marketplace)`]),
  ];
}
