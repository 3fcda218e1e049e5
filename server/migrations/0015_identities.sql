-- Whose a number is, its payment PIN, and when its SIM was changed. Names and documents are here only sealed,
-- and found again by a keyed hash; of a PIN there is a keyed hash alone, and nothing that a dump could be
-- searched with.

create table identity (
  bucket smallint not null,
  id uuid not null,
  sealed_name text not null check (sealed_name ~ '^k1\.\d+\.[\w-]{40,}$'),
  sealed_number text not null check (sealed_number ~ '^k1\.\d+\.[\w-]{40,}$'),
  -- Of document and name together: whether two are one person (the same-owner rule).
  person_hash text not null check (person_hash ~ '^[0-9a-f]{64}$'),
  -- Versions of the keys: what it is sealed under, and the newest under which it can be found.
  key_version int not null check (key_version > 0),
  lookup_version int not null check (lookup_version > 0),
  masked_name text not null check (masked_name like '%*%'),
  masked_number text not null check (masked_number ~ '^\d\*{16}[\dX]$'),
  created_at int8 not null,
  primary key (bucket, id)
);
-- What a rotation has left behind.
create index identity_key on identity (key_version);
create index identity_lookup_key on identity (lookup_version);

-- In the bucket of the hash itself: one document has one hash under each key, and that is unique among all.
create table identity_lookup (
  bucket smallint not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  key_version int not null check (key_version > 0),
  identity_id uuid not null,
  primary key (bucket, hash)
);
create index identity_lookup_identity on identity_lookup (identity_id);

-- In the bucket of the number. A row that has ended stays: who had a number when is asked for years later.
create table number_owner (
  bucket smallint not null,
  id uuid not null,
  msisdn text not null,
  identity_id uuid not null,
  level text not null check (level in ('basic', 'verified')),
  since int8 not null,
  registered_by text not null,
  ended_at int8 check (ended_at >= since),
  primary key (bucket, id)
);
create unique index number_owner_now on number_owner (bucket, msisdn) where ended_at is null;
create index number_owner_identity on number_owner (identity_id) where ended_at is null;

create table wallet_pin (
  bucket smallint not null,
  msisdn text not null,
  state text not null check (state in ('initial', 'active')),
  salt text not null check (salt ~ '^[0-9a-f]{32}$'),
  mac text not null check (mac ~ '^[0-9a-f]{64}$'),
  key_version int not null check (key_version > 0),
  -- Wrong ones since the last right one.
  wrong smallint not null check (wrong >= 0),
  initial_until int8,
  locked_at int8,
  locked_channel text,
  set_at int8 not null,
  primary key (bucket, msisdn),
  check ((state = 'initial') = (initial_until is not null)),
  check ((locked_at is null) = (locked_channel is null)),
  check (locked_at is null or wrong > 0)
) with (fillfactor = 80);
create index wallet_pin_key on wallet_pin (key_version);

-- When the SIM of a number was last changed: no money out for a while after it (A-5).
alter table subscriber add column sim_changed_at int8;
