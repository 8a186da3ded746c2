import { Modal } from '@mantine/core';
import { KEYS } from './keys.ts';
import type { Place } from './places.ts';

interface Props {
  readonly places: readonly Place[];
  readonly opened: boolean;
  readonly close: () => void;
}

/** The list of keys, opened by `?`. */
export function KeyboardHelp({ places, opened, close }: Props) {
  const goTo = places.map(({ key, label }): readonly [string, string] => [`g ${key}`, label]);
  return (
    <Modal opened={opened} onClose={close} title="Keyboard" size="sm" closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className="keys">
        {[...goTo, ...KEYS].map(([keys, does]) => (
          <div key={keys}>
            <dt>{keys.split(' ').map((part) => (part === 'or' ? ' or ' : <kbd key={part}>{part}</kbd>))}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
