-- Card numbers, each behind a token. A number and its expiry are here only sealed, and found again by a keyed
-- hash. There is no place for a verification code (CVV), and none for a PIN.

create table card_vault (
  bucket smallint not null,
  token uuid not null,
  -- Null once the card was erased; the token stays, for what was paid with it.
  sealed_pan text,
  sealed_expiry text,
  -- Versions of the keys: what it is sealed under, and the newest under which it can be found.
  key_version int not null check (key_version > 0),
  lookup_version int not null check (lookup_version > 0),
  first6 text not null check (first6 ~ '^\d{6}$'),
  last4 text not null check (last4 ~ '^\d{4}$'),
  bin_length smallint not null check (bin_length in (6, 8)),
  created_at int8 not null,
  erased_at int8,
  primary key (bucket, token),
  check ((erased_at is null) = (sealed_pan is not null)),
  check (sealed_pan is not null or sealed_expiry is null),
  check (sealed_pan ~ '^k1\.\d+\.[\w-]{40,}$' and sealed_expiry ~ '^k1\.\d+\.[\w-]{40,}$')
);
-- What a rotation has left behind.
create index card_vault_key on card_vault (key_version) where sealed_pan is not null;
create index card_vault_lookup on card_vault (lookup_version) where sealed_pan is not null;

-- In the bucket of the hash itself: one card has one hash under each key, and that is unique among all.
create table card_lookup (
  bucket smallint not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  key_version int not null check (key_version > 0),
  token uuid not null,
  primary key (bucket, hash)
);
create index card_lookup_token on card_lookup (token);
