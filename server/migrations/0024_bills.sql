-- Bills of credit cards are repaid from wallets.

-- When the source of a bill was asked: what was repaid since is counted besides. And the most that a bill was
-- ever said to be, for whoever checks that no more was repaid.
alter table bank_card_bill add column asked_at int8;
alter table bank_card_bill add column highest int8;
update bank_card_bill set asked_at = updated_at, highest = amount;
alter table bank_card_bill
  alter column asked_at set not null,
  alter column highest set not null,
  add check (highest >= amount);

-- A repayment (还款). One that a debit card pays is two movements, which name each other: the top-up, and the
-- repayment that waits for it as `funding`.
alter table wallet_movement
  drop constraint wallet_movement_kind_check,
  add constraint wallet_movement_kind_check
    check (kind in ('top_up', 'withdrawal', 'repayment', 'cash_in', 'cash_out')),
  add column billed_on date,
  add column linked_id uuid,
  drop constraint wallet_movement_check,
  add constraint wallet_movement_check check (case kind
    when 'top_up' then state in ('requested', 'unknown', 'done', 'refused', 'reversed')
    when 'withdrawal' then state in ('requested', 'unknown', 'paid', 'returned')
    when 'repayment' then
      state in ('funding', 'refused', 'requested', 'unknown', 'paid', 'returned')
    else state = 'done' end),
  drop constraint wallet_movement_check1,
  add constraint wallet_movement_check1
    check ((kind in ('top_up', 'withdrawal', 'repayment')) = (bank is not null)),
  drop constraint wallet_movement_check3,
  add constraint wallet_movement_check3
    check ((state in ('funding', 'requested', 'unknown')) = (ended_at is null)),
  add check ((kind = 'repayment') = (billed_on is not null)),
  add check (linked_id is null or kind in ('top_up', 'repayment'));
-- What was repaid of a card. Only repayments are in it.
create index wallet_movement_repayment on wallet_movement (bucket, card_id) where kind = 'repayment';

-- Whose bills are repaid by themselves (自动还款), and how far that has come with the newest.
create table bank_card_auto_repayment (
  bucket smallint not null,
  binding_id uuid not null,
  amount text not null check (amount in ('full', 'minimum')),
  set_at int8 not null,
  billed_on date,
  step smallint not null check (step >= 0),
  primary key (bucket, binding_id)
);

alter table card_question
  drop constraint card_question_kind_check,
  add constraint card_question_kind_check
    check (kind in ('balance', 'bill', 'top_up', 'withdrawal', 'repayment')),
  drop constraint card_question_check,
  add constraint card_question_check check ((kind in ('balance', 'bill')) = (amount is null));

-- Banks of cards that are bound already are asked for their bills too.
insert into job (bucket, topic, subject, due_at, first_due_at, payload)
select bucket, 'bank_card.bill_ask', id::text, updated_at, updated_at, '{}' from bank_card
where kind = 'credit' and state in ('active', 'needs_rebinding', 'suspended');
