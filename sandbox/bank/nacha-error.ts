/** A file this bank does not take, with the code it answers. */
export class NachaError extends Error {
  override readonly name = 'NachaError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
