/** Two ways to tell a story: to a person, with the postings as a small table, and as one JSON object a line. */
import { type Step, show, type Teller } from './story.ts';
import type { PostingView } from './views.ts';

export function textTeller(): Teller {
  let number = 0;
  return {
    chapter: (title) => console.log(`\n${title}`),
    text: (line) => console.log(line),
    step: ({ who, what, amount, postings }: Step) => {
      number += 1;
      const money = amount === undefined ? '' : `  ${show(amount)}`;
      console.log(`${String(number).padStart(3)}. ${who}: ${what}${money}`);
      for (const posting of postings ?? []) console.log(postingLine(posting));
    },
  };
}

const short = ({ name, owner }: PostingView['debit']): string =>
  owner === '' ? name : `${name}:${owner.slice(0, 4)}…${owner.slice(-4)}`;

/** `seq 12.0  receivable:net_…  →  held:ord_…   USD 3,600.00`: debit on the left, credit on the right. */
export const postingLine = ({ seq, leg, debit, credit, amount }: PostingView): string =>
  `       ${`${seq}.${leg}`.padStart(6)}  ${short(debit).padEnd(28)} → ${short(credit).padEnd(28)} ${show(amount).padStart(16)}`;

export function jsonTeller(): Teller {
  const line = (value: object): void => console.log(JSON.stringify(value));
  return { chapter: () => undefined, text: (text) => line({ text }), step: (step) => line(step) };
}
