/** `pay_0198…9f3a2c`: the ends of an id. Ids made in one minute begin alike (UUIDv7), so the tail must stay visible. */
export const shortId = (id: string): string => id.replace(/^([a-z]+_[0-9a-f]{4})[0-9a-f]{22}([0-9a-f]{6})$/, '$1…$2');

/** A network's id: up to sixteen characters whole, a longer one by its ends. */
export const shortNetworkId = (id: string): string => (id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`);
