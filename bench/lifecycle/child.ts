/**
 * Processes of a benchmark: each is a TypeScript file that answers questions of the one that started it, over the channel
 * Node gives to a forked child. A child ends with its channel, so an interrupted run leaves nothing behind.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface BenchChild {
  readonly pid: number;
  /** One question at a time. Rejects when the child cannot answer it, or ended. */
  ask<Answer>(question: object): Promise<Answer>;
  stop(): Promise<void>;
}

type Reply = { readonly answer: unknown } | { readonly failure: string };

/** As every process of the product is started (bootstrap/launch.mjs). */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'];

export function startBenchChild(script: string, nodeArgs: readonly string[] = []): BenchChild {
  const child = fork(script, [], { execArgv: [...NODE_FLAGS, ...nodeArgs] });
  return {
    pid: child.pid as number,
    ask: (question) => ask(child, script, question),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function ask<Answer>(child: ChildProcess, script: string, question: object): Promise<Answer> {
  const over = new AbortController();
  try {
    const reply = once(child, 'message', { signal: over.signal }).then(([message]) => message as Reply);
    const ended = once(child, 'exit', { signal: over.signal }).then(
      ([code, signal]): Reply => ({ failure: `${script} ended with ${signal ?? `code ${code}`}` }),
    );
    child.send(question);
    const said = await Promise.race([reply, ended]);
    if ('failure' in said) throw new Error(said.failure);
    return said.answer as Answer;
  } finally {
    over.abort();
  }
}

/** The child's side: one function for all questions; `end` runs when the parent lets go. */
export function answerQuestions<Question>(
  answer: (question: Question) => Promise<unknown>,
  end: () => Promise<void> = async () => undefined,
): void {
  process.on('message', async (question: Question) => {
    const reply: Reply = await answer(question).then(
      (value) => ({ answer: value ?? null }),
      (error: Error) => ({ failure: error.stack ?? String(error) }),
    );
    process.send?.(reply);
  });
  process.on('disconnect', () => void end().finally(() => process.exit(0)));
}
