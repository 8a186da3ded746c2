-- Clients of the AMS gateway, what they asked for under which request id, and what they are told (src/ams).

create table ams_clients (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('active')),
  client_id text generated always as (data ->> 'clientId') stored
);
create unique index ams_clients_by_name on ams_clients (client_id);

create table ams_payments (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('open', 'failed', 'canceled')),
  request_key text generated always as ((data ->> 'client') || ':' || (data ->> 'requestId')) stored,
  order_id text generated always as (data ->> 'order') stored
) with (fillfactor = 60);
create unique index ams_payments_by_request on ams_payments (request_key);
create index ams_payments_by_order on ams_payments (order_id);
comment on table ams_payments is 'one paymentRequestId: which order it pays, and how; the money is in payments';

create table ams_requests (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('open', 'refused')),
  request_key text generated always as
    ((data ->> 'client') || ':' || (data ->> 'kind') || ':' || (data ->> 'requestId')) stored,
  ams_payment text generated always as (data ->> 'amsPayment') stored
) with (fillfactor = 60);
create unique index ams_requests_by_request on ams_requests (request_key);
create index ams_requests_by_payment on ams_requests (ams_payment, id);
comment on table ams_requests is 'captures, refunds and cancels under the id the client gave them; what came of each is its operation';

create table ams_notifications (
  id uuid primary key, version int not null, data jsonb not null,
  state text not null check (state in ('waiting', 'acknowledged', 'given_up')),
  client text generated always as (data ->> 'client') stored,
  subject text generated always as (data ->> 'subject') stored
) with (fillfactor = 60);
create index ams_notifications_by_client on ams_notifications (client, id);
create index ams_notifications_by_subject on ams_notifications (subject, id);
comment on table ams_notifications is 'one thing a client is told, with every attempt to tell it';

-- How far a reader of the journal has come. Written after what it made of the events, so an event may be read twice.
create table journal_readers (
  name text primary key, seq bigint not null
);
insert into journal_readers (name, seq) select 'ams_notifications', coalesce(max(seq), 0) from journal_head;

grant select on ams_clients, ams_payments, ams_requests, ams_notifications to causeway_app;
grant select, update on journal_readers to causeway_app;
