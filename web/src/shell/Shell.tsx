/** The frame of every page. Without a session it shows the sign-in page at the same URL, so one lands where one meant. */
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet } from '@tanstack/react-router';
import type { Session } from '../api/client.ts';
import { useSession } from '../queries/session.ts';
import { SignIn } from '../screens/sign-in/SignIn.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Mark } from '../ui/Mark.tsx';
import { KeyboardHelp } from './KeyboardHelp.tsx';
import { useKeys } from './keys.ts';
import { placesOf } from './places.ts';
import { SystemStrip } from './SystemStrip.tsx';
import { TopActions } from './TopActions.tsx';

export function Shell() {
  const session = useSession();
  return (
    <Loaded of={session} what="the session">
      {(data) => (data === null ? <SignIn /> : <Frame session={data} />)}
    </Loaded>
  );
}

function Frame({ session }: { readonly session: Session }) {
  const [help, { open, close }] = useDisclosure(false);
  const places = placesOf(session);
  useKeys(places, open);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <span className="brand">
          <Mark size={22} /> Causeway
        </span>
        <nav className="places" aria-label="Main">
          {places.map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} search={{}} activeOptions={{ includeSearch: false }}>
              <Icon size={16} stroke={1.75} aria-hidden="true" /> {label}
            </Link>
          ))}
        </nav>
        <TopActions session={session} showHelp={open} />
      </header>
      <SystemStrip session={session} />
      <main id="main" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <KeyboardHelp places={places} opened={help} close={close} />
    </>
  );
}
