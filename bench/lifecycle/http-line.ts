/**
 * One keep-alive HTTP/1.1 connection with one request on it at a time, over a bare socket. The generator shares two cores
 * with what it measures, and a general HTTP client costs as much as the server's own HTTP work; this costs a tenth. It
 * understands what our server sends: a status line, Content-Length, a body.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpLine {
  /** Sends a request with a JSON body ('' for none) and resolves with its answer. */
  send(method: string, path: string, headers: string, body: string): Promise<HttpAnswer>;
  close(): void;
}

const END_OF_HEAD = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** `headers` of a request are whole lines, each with its CRLF. */
export async function openLine(url: string): Promise<HttpLine> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let received: Buffer = NOTHING;
  let waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | null = null;
  const settle = (): typeof waiting => {
    const owner = waiting;
    waiting = null;
    received = NOTHING;
    return owner;
  };
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer !== null) settle()?.resolve(answer);
  });
  socket.on('error', (error) => settle()?.reject(error));
  socket.on('close', () => settle()?.reject(new Error('the server closed the connection')));
  return {
    send: (method, path, headers, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        const content =
          body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
        socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${headers}${content}\r\n${body}`);
      }),
    close: () => socket.destroy(),
  };
}

/** Null while the answer is not complete. */
function readAnswer(bytes: Buffer): HttpAnswer | null {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length:\n${head}`);
  const start = end + END_OF_HEAD.length;
  if (bytes.length < start + Number(length)) return null;
  return { status: Number(head.slice(9, 12)), body: bytes.toString('utf8', start, start + Number(length)) };
}
