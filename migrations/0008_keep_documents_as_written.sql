-- Events are kept as they were written, letter for letter; nobody searches in them. Only what is looked into is jsonb.
alter table journal_events alter column data type json;
alter table jobs alter column payload type json;
