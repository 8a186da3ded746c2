import { SegmentedControl } from '@mantine/core';

interface Props<State extends string> {
  readonly label: string;
  readonly value: State;
  readonly choices: readonly (readonly [value: State, label: string])[];
  readonly choose: (value: State) => void;
}

/** Which of a few states a panel shows. */
export function Switch<State extends string>({ label, value, choices, choose }: Props<State>) {
  return (
    <SegmentedControl<State>
      size="xs"
      aria-label={label}
      value={value}
      data={choices.map(([state, text]) => ({ value: state, label: text }))}
      onChange={choose}
    />
  );
}
