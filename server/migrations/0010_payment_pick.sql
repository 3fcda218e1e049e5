-- The number under which the customer was last told of an open question: `Y2` means that one, however
-- many questions before it have been answered since.
alter table payment add column pick smallint;
