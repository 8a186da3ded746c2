/** A NACHA file as read: fields as written, trimmed where they are padded. Amounts are cents. */
export interface NachaAddenda {
  readonly line: number;
  readonly type: string;
  /** The whole record: its layout depends on the type. */
  readonly record: string;
}

export interface NachaEntry {
  readonly line: number;
  readonly transactionCode: string;
  readonly direction: 'credit' | 'debit';
  readonly routingNumber: string;
  readonly accountNumber: string;
  /** Cents. */
  readonly amount: bigint;
  readonly individualId: string;
  readonly individualName: string;
  readonly trace: string;
  readonly addenda: NachaAddenda[];
}

export interface NachaBatch {
  readonly serviceClass: string;
  readonly companyName: string;
  readonly companyId: string;
  readonly entryClass: string;
  readonly entryDescription: string;
  /** YYMMDD as written. */
  readonly effectiveDate: string;
  readonly odfi: string;
  readonly batchNumber: string;
  readonly entries: NachaEntry[];
}

export interface NachaFile {
  readonly destination: string;
  readonly origin: string;
  readonly creationDate: string;
  readonly fileIdModifier: string;
  readonly referenceCode: string;
  readonly batches: NachaBatch[];
}
