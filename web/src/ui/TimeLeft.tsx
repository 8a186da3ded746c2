import { isSoon, timeLeft } from '../format/time-left.ts';
import { useSystem } from '../queries/system.ts';

/** How long until an instant in business time; nothing while that is not known. Soon is said by weight and colour. */
export function TimeLeft({ until }: { readonly until: string }) {
  const now = useSystem().data?.now;
  if (now === undefined) return null;
  const left = timeLeft(now, until);
  if (left === null) return <span className="time-left tone-bad-text">time is over</span>;
  return <span className={isSoon(now, until) ? 'time-left tone-bad-text' : 'time-left'}>{left} left</span>;
}
