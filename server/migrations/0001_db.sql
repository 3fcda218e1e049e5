-- The outbox and the timers in one table: work that is due. It is written in the transaction that makes
-- it necessary and claimed with SKIP LOCKED. A claimed row stays, its due time moved past the lease.

create table job (
  bucket smallint not null,
  topic text not null,
  subject text not null,
  due_at int8 not null,
  -- When it fell due for the first time: how late it is, whatever leases and retries did to `due_at`.
  first_due_at int8 not null,
  attempts int not null default 0,
  payload jsonb not null,
  primary key (bucket, topic, subject)
) with (
  -- Rows live for moments: keep room for their updates, and clean up long before the default fifth.
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_cost_delay = 0
);

create index job_due on job (topic, due_at);

-- Facts about this installation that are not configuration, for example the number of buckets.
create table setting (
  name text primary key,
  value jsonb not null
);
