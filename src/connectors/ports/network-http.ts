/**
 * How a connector reaches its network. The implementation keeps every exchange, redacted, with its operation
 * (src/network-log/network-http.ts); a connector never opens a socket of its own.
 */
export interface NetworkRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Wall-clock milliseconds until the exchange counts as unanswered. */
  readonly timeoutMs: number;
  /** What is being done, for the exchange log: `authorize`, `inquire_capture`, `fetch_statement`… */
  readonly purpose: string;
  /** Our reference of the operation, if there is one. */
  readonly reference?: string;
}

export interface NetworkResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface NetworkHttp {
  /** @throws NetworkFault when no complete response arrived. Any HTTP status is a response. */
  send(request: NetworkRequest): Promise<NetworkResponse>;
}

/**
 * No complete response. `reached` says what is known: 'no' only when the connection was never established, so that the
 * network cannot have acted; 'maybe' for everything else (timeout, reset, cut body).
 */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault';
  readonly reached: 'no' | 'maybe';
  constructor(message: string, reached: 'no' | 'maybe', cause?: unknown) {
    super(message, { cause });
    this.reached = reached;
  }
}
