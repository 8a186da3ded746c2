-- The application may read everything, write state, and append to the journal; it can never update or delete an event or a
-- transfer, nor remove an account or a key.
grant usage on schema public to causeway_app;
grant select on all tables in schema public to causeway_app;
grant insert on journal_events, transfers to causeway_app;
grant update on journal_head to causeway_app;
grant insert, update on commands, accounts to causeway_app;
grant insert, update, delete on jobs, sessions to causeway_app;
grant insert, update on
  marketplaces, api_keys, sellers, buyers, network_accounts, bank_accounts, orders, payments, operations, refunds,
  settlements, statements, bank_lines, payouts, payout_files, breaks
  to causeway_app;
grant insert on inbound, outbound_files, exchanges, settlement_lines to causeway_app;
grant execute on function journal_commit to causeway_app;
revoke create on schema public from public;
