/** What went over a connector's line: the body of the last request as the network reads it, and its whole answer. */
import assert from 'node:assert/strict';
import type { NetworkHttp } from '../../src/connectors/ports/network-http.ts';

type Json = Readonly<Record<string, unknown>>;

export interface WireExchange {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly status: number;
  readonly answer: Json;
}

export interface Wire {
  readonly http: NetworkHttp;
  /** Of the requests with a JSON body, the latest that was answered. */
  last(): WireExchange;
}

export function watchWire(http: NetworkHttp): Wire {
  let latest: WireExchange | undefined;
  return {
    http: {
      send: async (request) => {
        const response = await http.send(request);
        const sent = typeof request.body === 'string' ? objectIn(request.body) : undefined;
        if (sent !== undefined) {
          // What is to be forwarded by the vault is wrapped; the network reads what is inside.
          const inner = typeof sent.url === 'string' && typeof sent.body === 'string' ? sent : undefined;
          latest = {
            method: inner === undefined ? request.method : String(inner.method),
            path: new URL(inner === undefined ? request.url : String(inner.url)).pathname,
            body: inner === undefined ? sent : (objectIn(String(inner.body)) ?? {}),
            status: response.status,
            answer: objectIn(new TextDecoder().decode(response.body)) ?? {},
          };
        }
        return response;
      },
    },
    last: () => {
      assert.ok(latest !== undefined, 'nothing was sent');
      return latest;
    },
  };
}

function objectIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // a form
  }
}
