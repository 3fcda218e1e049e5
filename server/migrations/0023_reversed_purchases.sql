-- A debit may have been bought twice, where a bank takes back its no: a reversal says which purchase it undoes.

alter table bank_exchange add column reverses smallint;

update bank_exchange e set reverses = (
  select max(p.no) from bank_exchange p
  where p.bucket = e.bucket and p.operation_id = e.operation_id and p.kind = 'purchase' and p.no < e.no)
where kind = 'reversal';

alter table bank_exchange add check (kind = 'reversal' or reverses is null);
