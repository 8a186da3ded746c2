/** What breaks a law. */
export interface Finding {
  readonly law: string;
  /** Ids whose history explains it. */
  readonly subjects: readonly string[];
  readonly detail: string;
  /** Nothing is wrong, but the run met too little to prove that. */
  readonly provesTooLittle?: true;
}

export type Report = (law: string, subjects: readonly string[], detail: string) => void;
