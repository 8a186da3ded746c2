/**
 * `causeway clock …`: the sandbox's business time. The clock is a server of its own; it stops at every instant at which
 * something is due, so nothing is jumped over. Long ways are asked for in stretches, each as long as an answer may take.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { addMs, type Instant, MS_PER_DAY } from '../src/base/clock.ts';
import type { Adder, Tools } from './command.ts';
import { createApi } from './http.ts';
import { time } from './output.ts';
import { readClockUrl } from './settings.ts';

interface ClockOptions {
  readonly clockUrl?: string;
}

interface Advanced {
  readonly now: Instant;
  readonly steps: number;
  /** Participants that did not answer and were left out. */
  readonly skipped: readonly string[];
}

const STRETCH_MS = 20 * MS_PER_DAY;
/** The clock's own limit for one advance; a mistyped span must not run for an hour. */
const MAX_MS = 400 * MS_PER_DAY;
const UNIT_MS = { d: MS_PER_DAY, h: 3_600_000, m: 60_000 } as const;
const CLOCK_URL = ['--clock-url <url>', 'address of the sandbox clock'] as const;

export function clockCommands(program: Command, { add }: Adder): void {
  const clock = program.command('clock').description('Read and advance business time (sandbox only)');
  add<ClockOptions>(clock, 'now', 'Show business time', async (tools, options) => {
    tools.out.show(await clockOf(tools, options).get<{ now: string }>('/now'), ({ now }) => time(now));
    return undefined;
  }).option(...CLOCK_URL);
  const advance = add<ClockOptions>(
    clock,
    'advance',
    'Let business time pass, stopping wherever something is due',
    async (tools, options, span) => {
      tools.out.show(await advanceBy(tools, options, spanMs(span)), advancedText);
      return undefined;
    },
  );
  advance.argument('<span>', 'how long: 30d, 12h or 90m', checkSpan).option(...CLOCK_URL);
}

const clockOf = ({ global, env }: Tools, { clockUrl }: ClockOptions) => createApi(readClockUrl(clockUrl, global, env));

async function advanceBy(tools: Tools, options: ClockOptions, ms: number): Promise<Advanced> {
  const clock = clockOf(tools, options);
  let { now } = await clock.get<{ now: Instant }>('/now');
  const target = addMs(now, ms);
  let steps = 0;
  const skipped = new Set<string>();
  do {
    const next = addMs(now, STRETCH_MS);
    const done = await clock.post<Advanced>('/advance', { to: next < target ? next : target });
    now = done.now;
    steps += done.steps;
    for (const name of done.skipped) skipped.add(name);
    if (now < target) tools.out.note(`${time(now)} …`);
  } while (now < target);
  return { now, steps, skipped: [...skipped] };
}

const SPAN = /^([1-9]\d{0,5})([dhm])$/;

function checkSpan(text: string): string {
  if (!SPAN.test(text)) throw new InvalidArgumentError('It must be a number of days, hours or minutes: 30d, 12h, 90m.');
  if (spanMs(text) > MAX_MS) throw new InvalidArgumentError('It must be 400 days at most.');
  return text;
}

/** Milliseconds of a checked span. */
function spanMs(text: string): number {
  const [, count, unit] = SPAN.exec(text) ?? [];
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

const advancedText = ({ now, steps, skipped }: Advanced): string =>
  `${time(now)} after ${steps} ${steps === 1 ? 'step' : 'steps'}${skipped.length === 0 ? '' : `; without an answer from ${skipped.join(', ')}`}`;
