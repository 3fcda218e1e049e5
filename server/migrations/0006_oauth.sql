-- The authorization server: what it remembers between requests, its signing keys, the opaque names of
-- customers, and the one-time codes of its sign-in pages. Times are ms since 1970 UTC.

-- Grants, authorization codes, refresh tokens, sessions and interactions, as the protocol library
-- makes them. Codes and refresh tokens are worth money: their `id` is a SHA-256, not the value.
create table oauth_record (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  user_code text,
  uid text,
  consumed_at int8,
  -- Null: never.
  expires_at int8,
  primary key (model, id)
);
create index oauth_record_grant on oauth_record (grant_id) where grant_id is not null;
create index oauth_record_uid on oauth_record (model, uid) where uid is not null;
create index oauth_record_account on oauth_record ((payload->>'accountId'))
  where payload ? 'accountId';
create index oauth_record_expiry on oauth_record (expires_at) where expires_at is not null;

-- Signing keys. The slot makes a rotation happen once when two processes try it together.
create table oauth_key (
  slot int primary key,
  kid text not null unique,
  algorithm text not null,
  public_jwk jsonb not null,
  -- The private JWK, sealed with the field key.
  private_sealed text not null,
  created_at int8 not null,
  -- Published before it signs, so that nobody meets a token whose key he has not seen.
  signs_from int8 not null,
  -- Published until the last token it signed has expired; null while it is the newest.
  retires_at int8
);

-- What a merchant is told instead of a phone number; another merchant is told another name.
create table oauth_subject (
  subject text primary key,
  merchant_id text not null,
  msisdn text not null,
  created_at int8 not null,
  unique (merchant_id, msisdn)
);
create index oauth_subject_number on oauth_subject (msisdn);

-- A sign-in in progress: the code that was sent, and whether it came back.
create table oauth_code (
  uid text primary key,
  msisdn text not null,
  -- HMAC with a key that is not in the database: six digits alone could be tried out.
  code_mac text not null,
  tries int not null check (tries >= 0),
  sent_at int8 not null,
  expires_at int8 not null,
  verified_at int8
);
create index oauth_code_expiry on oauth_code (expires_at);

-- When codes went to a number, for the limits per minute, hour and day.
create table oauth_number (
  msisdn text primary key,
  -- A JSON array of times.
  sends jsonb not null,
  last_sent_at int8 not null
);
create index oauth_number_age on oauth_number (last_sent_at);
