import type { Party } from '../api/client.ts';
import { shortId } from './id.ts';

/** A party's name; its id while the name is not known. */
export const partyName = ({ id, name }: Party): string => name ?? shortId(id);
