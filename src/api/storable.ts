/** Whether a JSON value can be kept: what PostgreSQL's documents refuse is told to whoever sent it, not found out by writing. */

/** Levels of objects and lists; no message that is documented has ten. */
export const DEPTH_MAX = 64;

/**
 * The place (as a JSON pointer, RFC 6901) and rule of the first text, name or level that cannot be kept: U+0000 and lone surrogates
 * (RFC 8259 section 8.2 leaves them to us) and more than 64 levels. Null when all can.
 */
export function whyNotStorable(value: unknown, pointer = '', depth = 1): { pointer: string; detail: string } | null {
  if (typeof value === 'string') return isStorable(value) ? null : { pointer, detail: 'must be text without U+0000' };
  if (typeof value !== 'object' || value === null) return null;
  if (depth > DEPTH_MAX) return { pointer, detail: `must have at most ${DEPTH_MAX} levels` };
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name)) return { pointer, detail: 'must have names without U+0000' };
    const wrong = whyNotStorable(member, `${pointer}/${name}`, depth + 1);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** False of a JSON text in UTF-8 that has no place which cannot be kept, whatever it says: most are known at a glance. */
export function mayBeUnstorable(text: string): boolean {
  if (text.includes('\\u')) return true;
  let levels = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === OPEN_OBJECT || character === OPEN_LIST) levels += 1;
  }
  return levels > DEPTH_MAX;
}

const [OPEN_OBJECT, OPEN_LIST] = ['{'.charCodeAt(0), '['.charCodeAt(0)];

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
