/** docs/generated/settings.md: every setting, from the table that parses them. */
import { SETTINGS } from '../../src/main/config.ts';
import { code, page, table } from './page.ts';

export function settingsPage(): string {
  const rows = SETTINGS.map(({ name, default: byDefault, unit, meaning }) => [
    code(name),
    byDefault === null ? '' : code(byDefault),
    unit,
    meaning,
  ]);
  return page(
    'Settings',
    '`src/main/config.ts`',
    'Environment variables, read once at the start. An empty variable counts as not set. Everything wrong is reported at once.',
    table(['variable', 'default', 'kind', 'meaning'], rows),
  );
}
