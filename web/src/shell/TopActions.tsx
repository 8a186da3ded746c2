import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconKeyboard, IconMoon, IconSun } from '@tabler/icons-react';
import type { Session } from '../api/client.ts';
import { useSignOut } from '../queries/session.ts';

/** Who is signed in, colour scheme, keyboard help and sign out. */
export function TopActions({ session, showHelp }: { readonly session: Session; readonly showHelp: () => void }) {
  const signOut = useSignOut();
  return (
    <span className="top-end">
      <span className="seat" title={session.marketplace?.id}>
        {session.marketplace?.name ?? 'Operator'}
      </span>
      <SchemeButton />
      <ActionIcon variant="subtle" color="gray" onClick={showHelp} aria-label="Keyboard help" title="Keyboard help (?)">
        <IconKeyboard size={17} stroke={1.75} />
      </ActionIcon>
      <Button
        size="compact-sm"
        variant="default"
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
        className="sign-out"
      >
        Sign out
      </Button>
      {signOut.error !== null && (
        <span className="tone-bad-text" role="alert">
          Could not sign out: {signOut.error.message}
        </span>
      )}
    </span>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? 'Use light colours' : 'Use dark colours';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      aria-label={label}
      title={label}
    >
      {dark ? <IconSun size={17} stroke={1.75} /> : <IconMoon size={17} stroke={1.75} />}
    </ActionIcon>
  );
}
