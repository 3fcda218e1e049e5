-- What clients of the GSMA Mobile Money API asked for: one row for each correlation id, for ever, in the bucket of
-- client and correlation id together, for that is what must be unique.
create table mobile_money_instruction (
  bucket smallint not null,
  id uuid not null,
  client_id text not null,
  merchant_id text not null,
  correlation_id uuid not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  kind text not null check (kind in
    ('transfer', 'merchantpay', 'reversal', 'debitmandate', 'authorisationcode', 'quotation')),
  -- The customer whose token it was; null for a client of its own.
  msisdn text,
  body jsonb not null,
  -- The payer has agreed already, by PIN.
  agreed boolean not null,
  test boolean not null,
  callback_url text,
  state text not null check (state in ('open', 'waiting', 'completed', 'failed')),
  -- The payment, transfer, request, refund or mandate that it became.
  subject uuid,
  error jsonb,
  -- Until when the process that took it up has it for itself.
  claimed_until int8 not null,
  -- When a waiting one ends by itself; when a code or a quotation does.
  due_at int8,
  -- Of an authorisation code: its hash to find it by, itself under seal, who used it.
  code_mac text,
  sealed_code text,
  used_by uuid,
  -- Taken back by its maker: a code, a mandate of the sandbox.
  withdrawn_at int8,
  created_at int8 not null,
  changed_at int8 not null check (changed_at >= created_at),
  check ((state = 'failed') = (error is not null)),
  check (used_by is null or withdrawn_at is null),
  check ((code_mac is null) = (sealed_code is null)),
  primary key (bucket, id)
);
create unique index mobile_money_instruction_correlation
  on mobile_money_instruction (bucket, client_id, correlation_id);
create unique index mobile_money_instruction_code
  on mobile_money_instruction (bucket, code_mac) where code_mac is not null;
create index mobile_money_instruction_codes
  on mobile_money_instruction (msisdn, created_at) where kind = 'authorisationcode';

alter table notice_delivery add column method text not null default 'POST'
  check (method in ('POST', 'PUT'));
