/** What a check found. A finding fails the run; a note is printed and does not. */
export interface Finding {
  /** Path from the repository's root, with `/`. */
  readonly file: string;
  /** From 1; 0 when the whole file is meant. */
  readonly line: number;
  readonly message: string;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly notes?: readonly string[];
  /** A few words on what was looked at: `212 files`. */
  readonly looked?: string;
  /** Set when the check had nothing to work on, and why. */
  readonly skipped?: string;
}

export const showFinding = ({ file, line, message }: Finding): string =>
  `${file}${line > 0 ? `:${line}` : ''}  ${message}`;
