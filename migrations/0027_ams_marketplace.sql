-- What AMS clients instruct beside payments (src/ams), transfers between balances (src/payouts), and sellers who ask to be
-- taken on, with the documents they hand in (src/registrations).

create table ams_instructions (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('open', 'done', 'refused')),
  request_key text generated always as
    ((data ->> 'client') || ':' || (data #>> '{wish,kind}') || ':' || (data ->> 'requestId')) stored
) with (fillfactor = 60);
create unique index ams_instructions_by_request on ams_instructions (request_key);
comment on table ams_instructions is 'settlements, transfers, payouts and account changes under the id the client gave them';

create table balance_transfers (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('transferred')),
  marketplace text generated always as (data ->> 'marketplace') stored
);
create index balance_transfers_by_marketplace on balance_transfers (marketplace, id);

create table registrations (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('processing', 'successful', 'failed')),
  request_key text generated always as ((data ->> 'registrar') || ':' || (data ->> 'requestId')) stored,
  -- A name, and a login, that failed may be used again.
  live_key text generated always as
    (case when state <> 'failed' then (data ->> 'registrar') || ':' || (data ->> 'reference') end) stored,
  login_key text generated always as
    (case when state <> 'failed' then (data ->> 'marketplace') || ':' || lower(data #>> '{merchant,loginId}') end) stored,
  marketplace text generated always as (data ->> 'marketplace') stored
) with (fillfactor = 60);
create unique index registrations_by_request on registrations (request_key);
create unique index registrations_by_reference on registrations (live_key);
create unique index registrations_by_login on registrations (login_key);
create index registrations_by_marketplace on registrations (marketplace, id);
comment on table registrations is 'a seller who asks to be taken on: what was said, what was checked, how it was decided';

create table attachments (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('submitted')),
  request_key text generated always as ((data ->> 'owner') || ':' || (data ->> 'requestId')) stored
);
create unique index attachments_by_request on attachments (request_key);
comment on table attachments is 'documents of registrations; where no bytes came, only the hash is known';

create table attachment_files (
  id uuid primary key,
  sha256 bytea not null,
  bytes bytea not null,
  added_at timestamptz not null default clock_timestamp()
);
comment on table attachment_files is 'the bytes as they were handed in; what they are and whose, is in the row of the attachment';

-- Orders know when they were paid and what a settlement gave to the marketplace; payouts, who asked for them; refunds, out of whose released money they were.
update orders o set data = data || jsonb_build_object('share', null,
  'refundedLater', jsonb_set(data -> 'total', '{value}', '"0"'), 'paidAt', (
  select to_jsonb(to_char(max(e.at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from journal_events e
   where e.subject = o.id and e.type = 'order.instalment_paid'
     and o.state not in ('awaiting_payment', 'part_paid', 'canceled')));
update refunds set data = data || '{"from": null}';
update payouts set data = data || '{"command": null}';

grant select on ams_instructions, balance_transfers, registrations, attachments, attachment_files to causeway_app;
grant insert on attachment_files to causeway_app;
