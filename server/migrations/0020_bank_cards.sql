-- Bank cards bound to numbers. A card is here as its token in the vault: no number, no expiry, and no place
-- for a verification code, a PIN or a code that a bank has texted.

create table bank_card (
  bucket smallint not null,
  id uuid not null,
  msisdn text not null,
  identity_id uuid not null,
  bank text not null,
  kind text not null check (kind in ('debit', 'credit')),
  card_token uuid not null,
  -- A replacement that is being verified.
  next_token uuid check (next_token <> card_token),
  first6 text not null check (first6 ~ '^\d{6}$'),
  last4 text not null check (last4 ~ '^\d{4}$'),
  mobile text not null,
  state text not null check (state in
    ('draft', 'verifying', 'code_sent', 'active', 'needs_rebinding', 'suspended', 'unbound')),
  reason text,
  agreement_no text,
  round int not null check (round >= 0),
  busy_until int8,
  code_sent_at int8,
  code_tries smallint not null check (code_tries >= 0),
  wrong_pins smallint not null check (wrong_pins >= 0),
  wrong_pins_since int8,
  locked_until int8,
  preferred_at int8,
  created_at int8 not null,
  updated_at int8 not null,
  bound_at int8,
  verified_at int8,
  ended_at int8,
  primary key (bucket, id),
  check ((state = 'unbound') = (ended_at is not null)),
  check (state not in ('active', 'needs_rebinding', 'suspended') or bound_at is not null),
  check ((bound_at is null) = (verified_at is null)),
  check (state <> 'draft' or bound_at is null),
  check (state in ('verifying', 'code_sent') or busy_until is null),
  check (state <> 'code_sent' or code_sent_at is not null)
) with (fillfactor = 80);
create index bank_card_number on bank_card (bucket, msisdn);

-- Whose a card is: in the bucket of the card's own token, as it must be one number's among all.
create table bank_card_holder (
  bucket smallint not null,
  card_token uuid not null,
  binding_id uuid not null,
  primary key (bucket, card_token)
);

-- Each message that asked a bank whether card and holder belong together, written before it was sent. In the
-- bucket of the card, whose verifications are counted over all numbers.
create table bank_card_verification (
  bucket smallint not null,
  id uuid not null,
  card_token uuid not null,
  binding_id uuid not null,
  -- Brings the code that the bank texted: a part of the verification before it.
  with_code boolean not null,
  stan int not null check (stan between 1 and 999999),
  transmitted_at text not null check (transmitted_at ~ '^\d{10}$'),
  sent_at int8 not null,
  answered_at int8,
  -- `done`, `code_sent`, `unknown`, `unsent` or a code of ours; null while nobody holds an answer.
  answer text,
  -- Our form of the bank's code.
  bank_code text,
  primary key (bucket, id)
);
create index bank_card_verification_card on bank_card_verification (bucket, card_token, sent_at);

-- What a customer has agreed to, and before whom.
create table bank_card_agreement (
  bucket smallint not null,
  id uuid not null,
  binding_id uuid not null,
  version text not null,
  agreed_at int8 not null,
  channel text not null,
  clerk text,
  voucher_no text,
  primary key (bucket, id)
);
create index bank_card_agreement_card on bank_card_agreement (bucket, binding_id);

-- Bills of credit cards.
create table bank_card_bill (
  bucket smallint not null,
  binding_id uuid not null,
  billed_on date not null,
  due_on date not null check (due_on > billed_on),
  amount int8 not null check (amount > 0),
  minimum int8 not null check (minimum between 0 and amount),
  paid int8 not null check (paid >= 0),
  source text not null check (source in ('customer', 'bank')),
  -- How many of its reminders have been told.
  told smallint not null check (told >= 0),
  updated_at int8 not null,
  primary key (bucket, binding_id, billed_on)
);
