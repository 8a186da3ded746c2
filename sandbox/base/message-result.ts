/** Results as Alipay+ writes them: a code, whether it is final (S, F) or to be asked again (U), and a sentence. */
export interface ResultPart {
  readonly resultCode: string;
  readonly resultStatus: 'S' | 'F' | 'U';
  readonly resultMessage: string;
}

/** What an operation answers, before it is signed. */
export interface Answer {
  readonly result: ResultPart;
  readonly [field: string]: unknown;
}

export const SUCCESS: ResultPart = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };
