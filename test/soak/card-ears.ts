/**
 * Every answer that anybody gets in a soak, scanned as it arrives: headers and body, whatever the status. Answers of the
 * platform and of the vault; the card network's own stay out.
 */
import { type CardHit, scanBytes } from '../support/card-scan.ts';

export interface Heard {
  readonly status: number;
  readonly text: string;
  /** The body as JSON, when it is. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Ears {
  /** A request whose answer is scanned. Throws what fetch throws. */
  ask(url: string, init?: RequestInit): Promise<Heard>;
  /** Reads something else that was said, such as what a process prints. */
  listen(said: Uint8Array, where: string): void;
  readonly hits: readonly CardHit[];
  readonly answers: () => number;
}

export function openEars(): Ears {
  const hits: CardHit[] = [];
  let answers = 0;
  const listen = (said: Uint8Array, where: string): void => void hits.push(...scanBytes(said, where));
  return {
    hits,
    answers: () => answers,
    listen,
    ask: async (url, init = {}) => {
      const response = await fetch(url, { signal: AbortSignal.timeout(60_000), redirect: 'manual', ...init });
      const text = await response.text();
      answers += 1;
      const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
      const where = `answer to ${init.method ?? 'GET'} ${new URL(url).pathname.replace(/\d{6,}/g, '[digits]')}`;
      listen(Buffer.from(`${headers}\n\n${text}`), where);
      return { status: response.status, text, body: objectIn(text) };
    },
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
