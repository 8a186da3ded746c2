/**
 * The steps of a trace as a tree. The API gives them in the order of the walk with their depth, so the tree needs no ids: a
 * step hangs under the nearest one before it that is one level up.
 */
import { money, time } from './output.ts';
import type { AccountName, TraceStep } from './views.ts';

const ARROW = { start: '●', forward: '→', back: '←' } as const;

/** Two lines a step: what happened to how much, then from which account to which. */
export function traceText(steps: readonly TraceStep[]): string {
  if (steps.length === 0) return 'nothing was posted for that';
  const lines = steps.flatMap((step, index) => {
    const last = isLastChild(steps, index);
    const stem = stemOf(steps, index);
    const branch = step.depth === 0 ? '' : last ? '└─ ' : '├─ ';
    const under = step.depth === 0 ? '' : last ? '   ' : '│  ';
    const trunk = (steps[index + 1]?.depth ?? 0) > step.depth ? '│ ' : '  ';
    return [`${stem}${branch}${headline(step)}`, `${stem}${under}${trunk}${accounts(step)}`];
  });
  return [...lines, '', '● traced   → what it became   ← what it comes from'].join('\n');
}

function headline(step: TraceStep): string {
  const { direction, event, portion, amount, subject, seq, leg, at } = step;
  const share = portion.amount === amount.amount ? money(amount) : `${money(portion)} of ${money(amount)}`;
  return `${ARROW[direction]} ${event}  ${share}  ${subject}  ${time(at)}  (${seq}.${leg})`;
}

const accounts = ({ debit, credit }: TraceStep): string =>
  `debit ${accountText(debit)}  credit ${accountText(credit)}${[debit, credit].some(({ name }) => name === 'bank') ? '  ■ bank line' : ''}`;

const accountText = ({ name, owner }: AccountName): string => `${name}(${owner})`;

/** The verticals of the ancestors that have more to come. */
function stemOf(steps: readonly TraceStep[], index: number): string {
  const { depth } = steps[index] as TraceStep;
  let stem = '';
  for (let level = 1; level < depth; level += 1) stem += goesOn(steps, index, level) ? '│  ' : '   ';
  return stem;
}

const isLastChild = (steps: readonly TraceStep[], index: number): boolean =>
  !goesOn(steps, index, (steps[index] as TraceStep).depth);

/** Whether a later step stands at this level before the tree goes back above it. */
function goesOn(steps: readonly TraceStep[], index: number, level: number): boolean {
  for (const { depth } of steps.slice(index + 1)) if (depth <= level) return depth === level;
  return false;
}
