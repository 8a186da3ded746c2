-- The application may read everything. Journal, ledger and state rows it can change only through journal_commit, which runs
-- with its owner's rights; no event and no transfer can be updated or deleted by anybody but the owner of the database.
grant usage on schema public to causeway_app;
grant select on all tables in schema public to causeway_app;
grant insert, update, delete on jobs, sessions to causeway_app;
grant insert on inbound, outbound_files, exchanges, settlement_lines to causeway_app;
revoke execute on function journal_commit, journal_lock from public;
grant execute on function journal_commit, journal_lock to causeway_app;
revoke create on schema public from public;
