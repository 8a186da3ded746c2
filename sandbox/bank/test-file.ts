/** Builds NACHA credit files for tests, with room to break one field at a time. */
export interface TestEntry {
  readonly account: string;
  readonly cents: number;
  readonly id: string;
  readonly code?: string;
  readonly routing?: string;
}

export interface TestFileOptions {
  readonly reference?: string;
  readonly serviceClass?: string;
}

const ODFI = '02100002';

export function creditFile(entries: readonly TestEntry[], options: TestFileOptions = {}): string {
  const { reference = 'FILE0001', serviceClass = '220' } = options;
  const width = (value: string | number | bigint, size: number): string => String(value).padStart(size, '0');
  const hash = entries.reduce((sum, { routing = '021000021' }) => sum + BigInt(routing.slice(0, 8)), 0n) % 10n ** 10n;
  const total = entries.reduce((sum, { cents }) => sum + cents, 0);
  const sums = `${width(hash, 10)}${width(0, 12)}${width(total, 12)}`;
  const details = entries.map(({ account, cents, id, code = '22', routing = '021000021' }, index) =>
    [
      `6${code}${routing}${account.padEnd(17)}${width(cents, 10)}${id.padEnd(15)}${'SELLER'.padEnd(22)}  0`,
      `${ODFI}${width(index + 1, 7)}`,
    ].join(''),
  );
  const lines = [
    `101 021000021 1234567892601051200A094101${'SANDBOX BANK'.padEnd(23)}${'CAUSEWAY'.padEnd(23)}${reference.padEnd(8)}`,
    `5${serviceClass}${'CAUSEWAY'.padEnd(36)}1234567890CCD${'PAYOUT'.padEnd(16)}260106   1${ODFI}0000001`,
    ...details,
    `8${serviceClass}${width(entries.length, 6)}${sums}1234567890${''.padEnd(25)}${ODFI}0000001`,
  ];
  const blocks = Math.ceil((lines.length + 1) / 10);
  const control = `9${width(1, 6)}${width(blocks, 6)}${width(entries.length, 8)}${sums}`.padEnd(94);
  const filler = Array.from({ length: blocks * 10 - lines.length - 1 }, () => '9'.repeat(94));
  return `${[...lines, control, ...filler].join('\n')}\n`;
}
