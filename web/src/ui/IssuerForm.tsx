import { Button } from '@mantine/core';
import type { Challenge } from '../api/client.ts';

/** The way to the issuer's page: the browser goes there by POST (EMV 3-D Secure), and is sent back by it. */
export function IssuerForm({ challenge: { url, creq } }: { readonly challenge: Challenge }) {
  // An address that is no web page is not followed, whoever sent it.
  if (!/^https?:\/\//.test(url)) return <span className="tone-bad-text">The issuer’s address is not a web page.</span>;
  return (
    <form method="post" action={url}>
      <input type="hidden" name="creq" value={creq} />
      <Button type="submit" size="compact-sm">
        Open the issuer’s page
      </Button>
    </form>
  );
}
