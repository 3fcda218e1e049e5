-- A code that is used changes its row in place, without a word to the indexes, where its page has room.
alter table payment_code_alias set (fillfactor = 80);
