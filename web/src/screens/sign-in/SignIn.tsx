import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../../api/client.ts';
import { useSignIn } from '../../queries/session.ts';
import { Mark } from '../../ui/Mark.tsx';
import { useTitle } from '../../ui/use-title.ts';

/** Trades an API key for a session cookie that no script can read. The key is not kept. */
export function SignIn() {
  const [key, setKey] = useState('');
  const signIn = useSignIn();
  useTitle('Sign in');
  return (
    <main className="sign-in">
      <h1>
        <Mark size={28} /> Causeway <span className="faint">console</span>
      </h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== '') signIn.mutate(key.trim());
        }}
      >
        <PasswordInput
          label="API key"
          description="The console can do what this key’s scopes allow."
          placeholder="sk_…"
          autoComplete="off"
          autoFocus
          value={key}
          error={signIn.error === null ? null : errorText(signIn.error)}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth mt="md" loading={signIn.isPending} disabled={key.trim() === ''}>
          Sign in
        </Button>
      </form>
      <p className="hint">
        In the sandbox, <code>npm start</code> prints the key.
      </p>
    </main>
  );
}

function errorText(error: Error): string {
  if (error instanceof Problem && error.status === 401) return 'This key is not known, or it was revoked.';
  return error.message;
}
