-- Payout runs: one row each, moved on page by page by the units of its job (src/payouts/run-page.ts).

create table payout_runs (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('running', 'done')),
  marketplace text generated always as (data ->> 'marketplace') stored
) with (fillfactor = 60);
create index payout_runs_by_marketplace on payout_runs (marketplace, id);

grant select on payout_runs to causeway_app;

-- Bank accounts count the files they were handed.
update bank_accounts
   set data = data || jsonb_build_object('nextFile', (select count(*) + 1 from payout_files f
                                                       where f.data ->> 'bank' = 'bnk_' || replace(bank_accounts.id::text, '-', '')));
