/**
 * Where a card number may go. The address must begin, character by character, with an allowed origin and a slash: what
 * URL parsers normalise away (user info, upper case, a trailing dot, other spellings of an address, a default port,
 * backslashes, control characters) is refused rather than understood, so that two readers cannot disagree about the host.
 */

/** The parsed address when its origin is allowed, otherwise null. Origins are canonical (settings.ts checks them). */
export function allowedTarget(address: string, origins: readonly string[]): URL | null {
  const origin = origins.find((candidate) => address.startsWith(`${candidate}/`));
  if (origin === undefined || !URL.canParse(address)) return null;
  const target = new URL(address);
  const plain = target.username === '' && target.password === '' && target.hash === '';
  return plain && target.origin === origin && target.href === address ? target : null;
}
