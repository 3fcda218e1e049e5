-- How often the file of a day was begun. Processes that hear of the same cut-over read side by side: only the last one
-- to begin keeps rows and decides, for the ones before it see its rows come and go.
alter table bank_day add column reading int not null default 0;
