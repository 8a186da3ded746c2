import type { Session } from '../api/client.ts';
import { useSystem } from '../queries/system.ts';
import { When } from '../ui/When.tsx';

/** How the installation is: business clock (sandbox), the journal's last event, jobs that wait or died. */
export function SystemStrip({ session }: { readonly session: Session }) {
  const system = useSystem();
  const jobs = system.data?.jobs;
  return (
    <div className="strip">
      {session.sandbox && <span className="flag">Sandbox</span>}
      {session.sandbox && (
        <span>
          Business time <When at={system.data?.now ?? session.now} named />
        </span>
      )}
      {system.data !== undefined && (
        <span>
          Journal <span className="num">{system.data.journal.seq}</span>
        </span>
      )}
      {jobs !== undefined && (
        <span>
          Jobs <span className="num">{jobs.waiting}</span> waiting
          {jobs.dead > 0 && <strong className="tone-bad-text"> · {jobs.dead} dead</strong>}
        </span>
      )}
      {system.data === undefined && system.error !== null && (
        <span className="tone-bad-text">System status unavailable</span>
      )}
      {system.data !== undefined && (
        <a className="strip-end" href={system.data.addresses.docs}>
          API reference
        </a>
      )}
    </div>
  );
}
