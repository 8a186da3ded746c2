/**
 * The NACHA record layouts (Operating Rules, Appendix Three), as data: field names with first and last position, counted
 * from 1 as in the standard. Writer and reader both work from these tables, so a position is written down once.
 * Positions that are not named are blank.
 */
export const RECORD_LENGTH = 94;
export const BLOCKING_FACTOR = 10;

type Layout = Readonly<Record<string, readonly [first: number, last: number]>>;

export const FILE_HEADER = {
  recordType: [1, 1],
  priorityCode: [2, 3],
  immediateDestination: [4, 13],
  immediateOrigin: [14, 23],
  creationDate: [24, 29],
  creationTime: [30, 33],
  fileIdModifier: [34, 34],
  recordSize: [35, 37],
  blockingFactor: [38, 39],
  formatCode: [40, 40],
  destinationName: [41, 63],
  originName: [64, 86],
  referenceCode: [87, 94],
} as const satisfies Layout;

export const BATCH_HEADER = {
  recordType: [1, 1],
  serviceClass: [2, 4],
  companyName: [5, 20],
  companyId: [41, 50],
  entryClass: [51, 53],
  entryDescription: [54, 63],
  descriptiveDate: [64, 69],
  effectiveDate: [70, 75],
  settlementDate: [76, 78],
  originatorStatus: [79, 79],
  odfi: [80, 87],
  batchNumber: [88, 94],
} as const satisfies Layout;

export const ENTRY = {
  recordType: [1, 1],
  transactionCode: [2, 3],
  rdfi: [4, 11],
  checkDigit: [12, 12],
  accountNumber: [13, 29],
  amount: [30, 39],
  individualId: [40, 54],
  individualName: [55, 76],
  discretionary: [77, 78],
  addendaIndicator: [79, 79],
  trace: [80, 94],
} as const satisfies Layout;

export const ADDENDA = {
  recordType: [1, 1],
  addendaType: [2, 3],
} as const satisfies Layout;

/** Addenda 99: the return itself. */
export const RETURN_ADDENDA = {
  ...ADDENDA,
  reason: [4, 6],
  originalTrace: [7, 21],
  dateOfDeath: [22, 27],
  originalRdfi: [28, 35],
  information: [36, 79],
  trace: [80, 94],
} as const satisfies Layout;

export const BATCH_CONTROL = {
  recordType: [1, 1],
  serviceClass: [2, 4],
  entryCount: [5, 10],
  entryHash: [11, 20],
  debitTotal: [21, 32],
  creditTotal: [33, 44],
  companyId: [45, 54],
  odfi: [80, 87],
  batchNumber: [88, 94],
} as const satisfies Layout;

export const FILE_CONTROL = {
  recordType: [1, 1],
  batchCount: [2, 7],
  blockCount: [8, 13],
  entryCount: [14, 21],
  entryHash: [22, 31],
  debitTotal: [32, 43],
  creditTotal: [44, 55],
} as const satisfies Layout;

/** A line from its fields: texts are padded with blanks to the right, integers with zeros to the left. */
export function writeRecord<Fields extends Layout>(
  layout: Fields,
  values: { readonly [Name in keyof Fields]: string | bigint | number },
): string {
  const line = new Array<string>(RECORD_LENGTH).fill(' ');
  for (const [name, [first, last]] of Object.entries(layout)) {
    const value = values[name];
    const width = last - first + 1;
    const written = typeof value === 'string' ? value.padEnd(width) : String(value).padStart(width, '0');
    if (written.length !== width) throw new RangeError(`${name} does not fit ${width} positions`);
    line.splice(first - 1, width, ...written);
  }
  return line.join('');
}

/** The text of one field, blanks kept. */
export const field = (line: string, [first, last]: readonly [number, number]): string => line.slice(first - 1, last);
