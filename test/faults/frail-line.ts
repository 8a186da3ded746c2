/**
 * A TCP line to PostgreSQL with a cable that can be pulled: between the committer and the database, to show what a network
 * does that no process does. Bytes are passed on as they are.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * `open`: everything passes. `closed`: whoever connects is hung up on at once. `mute`: requests pass, answers do not.
 * `silent`: nothing passes and nothing is closed, as when packets vanish. What waits goes on when the line opens again.
 */
export type LineState = 'open' | 'closed' | 'mute' | 'silent';

export interface FrailLine {
  /** The database's URL by way of this line. */
  through(url: string): string;
  set(state: LineState): void;
  /** Resets every connection there is. */
  cut(): void;
  /** The connections there are fall silent for ever, as when a router has forgotten them; new ones pass. */
  freeze(): void;
  /** The next connection that sends this text falls silent for ever once the text has passed; resolves when it has. */
  freezeAt(text: string): Promise<void>;
  close(): Promise<void>;
}

/** A line to where `url` points, open. */
export async function openFrailLine(url: string): Promise<FrailLine> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<Pair>();
  let state: LineState = 'open';
  let fatal: { readonly text: string; readonly passed: () => void } | null = null;
  const server = createServer((near) => {
    if (state === 'closed') return void near.resetAndDestroy();
    const pair: Pair = { near, far: connect(Number(port), hostname), frozen: false };
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
    near.on('data', (chunk) => {
      if (fatal === null || !chunk.includes(fatal.text)) return;
      fatal.passed();
      fatal = null;
      freeze(pair);
    });
    apply(state, pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const { near, far } of pairs) for (const socket of [near, far]) socket.resetAndDestroy();
  };
  return {
    through: (target) => {
      const near = new URL(target);
      near.port = String((server.address() as AddressInfo).port);
      return near.toString();
    },
    set: (next) => {
      state = next;
      for (const pair of pairs) apply(state, pair);
    },
    cut,
    freeze: () => {
      for (const pair of pairs) freeze(pair);
    },
    freezeAt: (text) =>
      new Promise((passed) => {
        fatal = { text, passed };
      }),
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}

interface Pair {
  /** Towards the client, and towards the database. */
  readonly near: Socket;
  readonly far: Socket;
  frozen: boolean;
}

/** Passes bytes both ways, and the end of the one to the other unless nothing passes any more. */
function join(pair: Pair, ended: () => void): void {
  for (const [from, to] of [
    [pair.near, pair.far],
    [pair.far, pair.near],
  ] as const) {
    from.on('data', (chunk) => void to.write(chunk));
    from.on('error', () => undefined);
    from.on('close', () => {
      if (pair.frozen) return;
      to.destroy();
      ended();
    });
  }
}

function freeze(pair: Pair): void {
  apply('silent', pair);
  pair.frozen = true;
}

function apply(state: LineState, { near, far, frozen }: Pair): void {
  if (frozen) return;
  if (state === 'silent') near.pause();
  else near.resume();
  if (state === 'silent' || state === 'mute') far.pause();
  else far.resume();
}
