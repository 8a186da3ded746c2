/** What an operator agrees with the originating bank (ODFI). URLs carry no trailing slash. */
export interface AchBankSettings {
  readonly baseUrl: string;
  /** Bearer token of the bank's file interface. */
  readonly token: string;
  /** Our account: payouts are debited from it and statements are about it. */
  readonly account: { readonly routing: string; readonly number: string };
  /** Immediate origin, ≤ 10: as a rule a 1 before the tax number, or the originator's routing number. */
  readonly originId: string;
  /** Immediate origin's name, ≤ 23. */
  readonly originName: string;
  /** Company name the receiver sees, ≤ 16. */
  readonly companyName: string;
  /** Company identification, ≤ 10. */
  readonly companyId: string;
  /** First eight digits of the ODFI's routing number: the head of every trace number. */
  readonly odfi8: string;
  /** Immediate destination's name, ≤ 23. */
  readonly bankName: string;
  /** Wall-clock milliseconds for one exchange. */
  readonly timeoutMs: number;
}
