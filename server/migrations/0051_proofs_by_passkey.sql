-- A passkey confirms what moves money only if whoever made it knew the PIN. Of those from before, nobody knows.
alter table sign_in_passkey add column made_with_pin boolean not null default false;
alter table sign_in_challenge add column with_pin boolean not null default false;

-- What a passkey has confirmed, by a keyed hash of all of it: the same request again has the same answer.
create table sign_in_proof (
  bucket smallint not null,
  mac text not null check (mac ~ '^[0-9a-f]{64}$'),
  credential_id text not null check (length(credential_id) between 1 and 1400),
  expires_at int8 not null,
  primary key (bucket, mac)
);
create index sign_in_proof_expiry on sign_in_proof (expires_at);
