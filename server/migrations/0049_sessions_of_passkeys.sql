-- Which passkey a device signed in with: what it began ends with it. Of sessions from before, nobody knows.
alter table sign_in_session add column credential_id text
  check (credential_id is null or length(credential_id) between 1 and 1400 and method = 'passkey');
