/** A benchmark: something measured against its baseline in the same run, so that the ratio holds on a noisy machine. */

export interface BenchContext {
  /** The whole matrix instead of what the bars need. */
  readonly full: boolean;
  /** A line for the person who waits; silent with --json. */
  readonly say: (line: string) => void;
  /** What must be undone when the run is interrupted. */
  readonly onInterrupt: (undo: () => Promise<void>) => void;
}

/** A number the issue or the docs set a bar for. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface BenchResult {
  /** The last line of --json, in this order. */
  readonly summary: Readonly<Record<string, number>>;
  readonly bars: readonly Bar[];
  /** Ratios first, then absolute figures, each with a title and a header row. */
  readonly tables: readonly Table[];
}

export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<BenchResult>;
}

/** A bar that is missed by name; null when it holds. */
export function missed({ name, value, atLeast, atMost }: Bar): string | null {
  if (atLeast !== undefined && !(value >= atLeast)) return `${name} ${value} is below ${atLeast}`;
  if (atMost !== undefined && !(value <= atMost)) return `${name} ${value} is above ${atMost}`;
  return null;
}
