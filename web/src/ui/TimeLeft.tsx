import { isSoon, timeLeft } from '../format/time-left.ts';
import { useSystem } from '../queries/system.ts';

interface Props {
  readonly until: string;
  /** Stands before it, when there is something to show. */
  readonly separator?: string;
}

/** How long until an instant in business time; nothing while that is not known. Soon is said by weight and colour. */
export function TimeLeft({ until, separator = '' }: Props) {
  const now = useSystem().data?.now;
  if (now === undefined) return null;
  const left = timeLeft(now, until);
  const soon = left === null || isSoon(now, until);
  return (
    <>
      {separator}
      <span className={soon ? 'time-left time-soon tone-bad-text' : 'time-left'}>
        {left === null ? 'time is over' : `${left} left`}
      </span>
    </>
  );
}
