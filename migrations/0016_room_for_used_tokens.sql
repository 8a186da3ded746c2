-- Every single-use token is updated once, soon after it was inserted (used_by): with room on its page the new version of the
-- row needs no new entries in the indexes, and the old one is pruned by the next that comes there.

alter table vault.cards set (fillfactor = 80);
