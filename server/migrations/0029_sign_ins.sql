-- Customers at the app: the code that proves a number, passkeys, and the sessions of their devices. Of codes only
-- a keyed hash is kept, of tokens a hash. All in the bucket of the number, but for challenges, which belong to
-- nobody yet.

-- When codes went to a number, whichever door asked for them.
alter table oauth_number rename to code_sends;
alter index oauth_number_pkey rename to code_sends_pkey;
alter index oauth_number_age rename to code_sends_age;

create table sign_in_code (
  bucket smallint not null,
  msisdn text not null,
  code_mac text not null check (code_mac ~ '^[0-9a-f]{64}$'),
  tries int not null check (tries between 0 and 5),
  expires_at int8 not null,
  primary key (bucket, msisdn)
);
create index sign_in_code_expiry on sign_in_code (expires_at);

create table sign_in_session (
  bucket smallint not null,
  id uuid not null,
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$'),
  msisdn text not null,
  device text not null check (length(device) between 1 and 60),
  method text not null check (method in ('code', 'passkey')),
  began_at int8 not null,
  active_at int8 not null check (active_at >= began_at),
  ended_at int8,
  primary key (bucket, id)
);
create index sign_in_session_number on sign_in_session (bucket, msisdn) where ended_at is null;
create index sign_in_session_age on sign_in_session (active_at);

create table sign_in_passkey (
  bucket smallint not null,
  credential_id text not null check (length(credential_id) between 1 and 1400),
  msisdn text not null,
  public_key text not null,
  -- The authenticator's own count of signatures; 0 for those that do not count.
  counter int8 not null check (counter >= 0),
  transports text[] not null,
  device text not null check (length(device) between 1 and 60),
  made_at int8 not null,
  used_at int8,
  primary key (bucket, credential_id)
);
create index sign_in_passkey_number on sign_in_passkey (bucket, msisdn);

-- What an authenticator is asked to sign, once.
create table sign_in_challenge (
  challenge text primary key check (challenge ~ '^[\w-]{43}$'),
  -- The session that a new passkey is for; null for one that signs in.
  session_id uuid,
  expires_at int8 not null
);
create index sign_in_challenge_expiry on sign_in_challenge (expires_at);
