/** What the sandbox's rate source keeps: rates that somebody set, and how it behaves. Everything else follows from the seed. */
export const FX_SCHEMA = `
  create table if not exists set_rate (
    currency text primary key, rate text not null, at_ms integer not null) strict;
  create table if not exists behaviour (
    only integer primary key check (only = 1), mode text not null check (mode in ('normal', 'silent', 'stale')),
    since_ms integer not null) strict;
`;
