-- The ledger: accounts, and the transfers between them (see server/src/ledger/transfer.ts). Rows of
-- `transfer` are written once and never change. There are no foreign keys and no triggers: the code
-- checks first, the constraints below second, `telepurse verify` third.

create table account (
  bucket smallint not null,
  -- In byte order, so that a prefix is a range of the primary key.
  name text collate "C" not null check (strpos(name, e'\n') = 0),
  -- 1: debits must not exceed credits; 2: credits must not exceed debits.
  flags smallint not null check (flags between 0 and 2),
  debits_pending int8 not null default 0 check (debits_pending >= 0),
  debits_posted int8 not null default 0 check (debits_posted >= 0),
  credits_pending int8 not null default 0 check (credits_pending >= 0),
  credits_posted int8 not null default 0 check (credits_posted >= 0),
  -- Counts the transfers that touched the account.
  version int8 not null default 0 check (version >= 0),
  -- When the last of them was made, in ms since 1970.
  changed_at int8 not null default 0,
  primary key (bucket, name),
  constraint debits_must_not_exceed_credits
    check (flags & 1 = 0 or debits_pending + debits_posted <= credits_posted),
  constraint credits_must_not_exceed_debits
    check (flags & 2 = 0 or credits_pending + credits_posted <= debits_posted)
) with (fillfactor = 70);

create table transfer (
  bucket smallint not null,
  id uuid not null,
  kind text not null check (kind in ('transfer', 'pending', 'post', 'void', 'expire')),
  debit_account text collate "C" not null,
  credit_account text collate "C" not null,
  subject text not null,
  reason text not null,
  -- The pending transfer that this one posts, voids or expires.
  pending_id uuid,
  -- In the operator's zone, fixed when the transfer is made.
  business_date date not null,
  amount int8 not null check (amount > 0),
  -- In ms since 1970; never goes back within the history of an account.
  created_at int8 not null,
  -- The transfer's place in the history of each account, and the account just after it.
  debit_version int8 not null,
  debit_debits_pending int8 not null,
  debit_debits_posted int8 not null,
  debit_credits_pending int8 not null,
  debit_credits_posted int8 not null,
  credit_version int8 not null,
  credit_debits_pending int8 not null,
  credit_debits_posted int8 not null,
  credit_credits_pending int8 not null,
  credit_credits_posted int8 not null,
  primary key (bucket, id),
  check (debit_account <> credit_account),
  check ((pending_id is not null) = (kind in ('post', 'void', 'expire')))
);

-- The history of an account, in order. Unique: two transfers cannot follow the same one.
create unique index transfer_by_debit on transfer (bucket, debit_account, debit_version);
create unique index transfer_by_credit on transfer (bucket, credit_account, credit_version);

-- A pending transfer ends once. Partial: transfers that end none do not pay for it.
create unique index transfer_by_pending on transfer (bucket, pending_id)
  where pending_id is not null;

-- Both sides of every transfer as one list: the history of account A is `where account = A`.
create view entry as
  select bucket, debit_account as account, debit_version as version, 'debit' as side,
    credit_account as counterparty, id, kind, amount, pending_id, subject, reason, business_date,
    created_at, debit_debits_pending as debits_pending, debit_debits_posted as debits_posted,
    debit_credits_pending as credits_pending, debit_credits_posted as credits_posted
  from transfer
  union all
  select bucket, credit_account, credit_version, 'credit',
    debit_account, id, kind, amount, pending_id, subject, reason, business_date,
    created_at, credit_debits_pending, credit_debits_posted,
    credit_credits_pending, credit_credits_posted
  from transfer;
