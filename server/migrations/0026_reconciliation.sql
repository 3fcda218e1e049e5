-- What a day of a bank leaves for people to resolve, and what a merchant's statement says of who paid.

-- Days that were closed before keep the statements that were made of them.
alter table closed_day
  add column statement_layout smallint not null default 1 check (statement_layout in (1, 2));
