/** A KMS on a free port that keeps the protocol of kms.ts, for tests. Its keys live and end with it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from '../base/random.ts';
import { unwrapKey, wrapKey } from './envelope.ts';
import type { KmsSettings } from './kms.ts';

export interface TestKms {
  readonly settings: KmsSettings;
  /** Makes another key current; its id. */
  rotate(): string;
  /** What it says instead, from now on; null: as it should. */
  answerWith(answer: { readonly status: number; readonly body: string } | null): void;
  close(): Promise<void>;
}

export async function testKms(): Promise<TestKms> {
  const token = 'token-of-the-kms';
  const keks = new Map<string, Buffer>();
  const rotate = (): string => {
    const id = `kms/key-${keks.size + 1}`;
    keks.set(id, randomBytes(32));
    return id;
  };
  let current = rotate();
  let instead: { readonly status: number; readonly body: string } | null = null;

  const answer = (path: string, fields: Record<string, string>): { status: number; body: unknown } => {
    const bytes = (name: string): Buffer => Buffer.from(fields[name] ?? '', 'base64');
    const kek = keks.get(path === '/wrap' ? current : (fields.keyId ?? ''));
    if (path === '/key') return { status: 200, body: { keyId: current } };
    if (kek === undefined) return { status: 422, body: {} };
    if (path === '/wrap') {
      const wrapped = wrapKey(kek, fields.context ?? '', bytes('plaintext')).toString('base64');
      return { status: 200, body: { keyId: current, wrapped } };
    }
    try {
      const plaintext = unwrapKey(kek, fields.context ?? '', bytes('wrapped')).toString('base64');
      return { status: 200, body: { plaintext } };
    } catch {
      return { status: 422, body: {} };
    }
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const authorized = request.headers.authorization === `Bearer ${token}`;
      const body = Buffer.concat(chunks).toString();
      const { status, body: said } = authorized
        ? answer(request.url ?? '', body === '' ? {} : JSON.parse(body))
        : { status: 401, body: {} };
      if (instead === null) response.writeHead(status).end(JSON.stringify(said));
      else response.writeHead(instead.status).end(instead.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    settings: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token },
    rotate: () => {
      current = rotate();
      return current;
    },
    answerWith: (next) => {
      instead = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
