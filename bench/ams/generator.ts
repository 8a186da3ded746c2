/**
 * The generator, a process of its own: signs a round's payments first, then sends them in a closed loop, so many at a time, each
 * on a connection of its own. Every answer must be a success.
 */
import { createPrivateKey } from 'node:crypto';
import { monotonicMs } from '../../src/base/clock.ts';
import { answerQuestions } from '../lifecycle/child.ts';
import { openLine } from '../lifecycle/http-line.ts';
import { PATH, type SignedPay, signPays } from './messages.ts';

export type GeneratorQuestion =
  | {
      readonly kind: 'sign';
      readonly name: string;
      readonly count: number;
      readonly sellers: readonly string[];
      readonly privateKey: string;
    }
  | { readonly kind: 'send'; readonly url: string; readonly atOnce: number };

export interface Sent {
  readonly seconds: number;
  /** Of each payment, from request to answer. */
  readonly latenciesMs: readonly number[];
}

let signed: readonly SignedPay[] = [];

answerQuestions<GeneratorQuestion>(async (question) => {
  if (question.kind === 'send') return send(question);
  signed = await signPays(question, createPrivateKey(question.privateKey));
  return signed.length;
});

async function send({ url, atOnce }: Extract<GeneratorQuestion, { kind: 'send' }>): Promise<Sent> {
  const lines = await Promise.all(Array.from({ length: atOnce }, () => openLine(url)));
  const latenciesMs: number[] = [];
  const began = monotonicMs();
  let next = 0;
  await Promise.all(
    lines.map(async (line) => {
      for (let pay = signed[next++]; pay !== undefined; pay = signed[next++]) {
        const sentAt = monotonicMs();
        const { status, body } = await line.send('POST', PATH, pay.headers, pay.body);
        latenciesMs.push(monotonicMs() - sentAt);
        if (status !== 200 || !body.includes('"resultStatus":"S"'))
          throw new Error(`a payment was answered ${status}: ${body}`);
      }
    }),
  );
  const seconds = (monotonicMs() - began) / 1000;
  for (const line of lines) line.close();
  return { seconds, latenciesMs };
}
