-- Who changed what cannot be changed unseen: each row of the operator's log holds the hash of the row
-- before it and its own, and the head is kept apart. And wrong codes are counted by number and client.

alter table operator_log add column seq int8, add column previous_hash text, add column hash text;

create table audit_head (
  single boolean primary key default true check (single),
  seq int8 not null check (seq >= 0),
  hash text not null,
  -- HMAC under a key that is not in the database; null until a server has started on it.
  seal text
);
insert into audit_head (seq, hash) values (0, '');

-- Rows from before the chain join it in the order of their ids, which is that of time.
do $$
declare
  old record;
  last audit_head;
begin
  select * into last from audit_head;
  for old in select * from operator_log order by id loop
    last.seq := last.seq + 1;
    update operator_log set seq = last.seq, previous_hash = last.hash,
      hash = encode(sha256(convert_to(jsonb_build_array(last.seq, old.id, old.at, old.operator,
        old.action, old.subject, old.before::text, old.after::text, last.hash)::text, 'UTF8')), 'hex')
    where id = old.id returning hash into last.hash;
  end loop;
  update audit_head set seq = last.seq, hash = last.hash;
end $$;

alter table operator_log
  alter column seq set not null, alter column previous_hash set not null, alter column hash set not null;
create unique index operator_log_seq on operator_log (seq);

-- A wall for mistakes; whoever owns the table can take it down, and the chain tells.
create function operator_log_stays() returns trigger language plpgsql as $$
begin
  raise exception 'operator_log is only ever added to';
end $$;
create trigger operator_log_stays before update or delete or truncate on operator_log
  for each statement execute function operator_log_stays();

-- Wrong codes of a number or a client, whichever way they came, and until when no code of theirs counts.
create table code_guard (
  subject text primary key,
  -- The beginning of the day they are counted in.
  since int8 not null,
  wrong int not null check (wrong >= 0),
  locked_until int8 not null default 0
);
create index code_guard_age on code_guard (since);
