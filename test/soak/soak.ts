/** A soak: something that must stay true however often it is tried. Its counts are printed; a single failure fails it. */

export interface SoakContext {
  readonly seed: number;
  /** How many times: kills, lives, days, lines, whatever the soak counts. */
  readonly count: number;
  /** A line of progress. */
  readonly say: (line: string) => void;
  /** Shows what the program itself prints. */
  readonly verbose: boolean;
  /** What must be undone when the run is interrupted. */
  readonly onInterrupt: (undo: () => Promise<void>) => void;
  /** Called with what holds the soak's folder before it is removed, for whoever wants to look at it. */
  readonly keep: (kept: { readonly dataDir: string }) => Promise<void>;
}

export interface SoakResult {
  readonly failures: readonly string[];
  readonly counts: { readonly [name: string]: unknown };
}

export interface Soak {
  readonly name: string;
  readonly title: string;
  /** The default of --count. */
  readonly count: number;
  run(context: SoakContext): Promise<SoakResult>;
}
