/**
 * How much of a debt is provided for at which age: versioned data, as an accounting estimate not pinned to anything; each
 * provision names the version it was made by. A value changes by adding a version.
 */
export interface ProvisionPolicy {
  readonly name: string;
  readonly version: number;
  /** From so many days on, so many percent of what is left; in the order of the days. */
  readonly classes: readonly { readonly fromDays: number; readonly percent: number }[];
}

export const PROVISION_POLICIES: readonly ProvisionPolicy[] = [
  {
    // Whole after half a year: a seller who has not traded for so long does not come back.
    name: 'debts',
    version: 1,
    classes: [
      { fromDays: 30, percent: 25 },
      { fromDays: 60, percent: 50 },
      { fromDays: 90, percent: 75 },
      { fromDays: 180, percent: 100 },
    ],
  },
];

/** The newest version. */
export const currentProvisions = (): ProvisionPolicy =>
  PROVISION_POLICIES.reduce((newest, policy) => (policy.version > newest.version ? policy : newest));

export const percentAt = ({ classes }: ProvisionPolicy, days: number): number =>
  classes.findLast(({ fromDays }) => fromDays <= days)?.percent ?? 0;
