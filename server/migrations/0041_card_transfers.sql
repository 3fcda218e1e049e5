-- A transfer to a bank card that is somebody else's (转账到银行卡): as a withdrawal, with the name that the bank compares.
-- It stands sealed until the bank has been asked, and masked for good.
alter table wallet_movement
  drop constraint wallet_movement_kind_check,
  add constraint wallet_movement_kind_check
    check (kind in ('top_up', 'withdrawal', 'repayment', 'card_transfer', 'cash_in', 'cash_out')),
  add column payee text,
  add column sealed_payee text check (sealed_payee like 'k1.%'),
  drop constraint wallet_movement_check,
  add constraint wallet_movement_check check (case kind
    when 'top_up' then state in ('requested', 'unknown', 'done', 'refused', 'reversed')
    when 'withdrawal' then state in ('requested', 'unknown', 'paid', 'returned')
    when 'card_transfer' then state in ('requested', 'unknown', 'paid', 'returned')
    when 'repayment' then
      state in ('funding', 'refused', 'requested', 'unknown', 'paid', 'returned')
    else state = 'done' end),
  drop constraint wallet_movement_check1,
  add constraint wallet_movement_check1
    check ((kind in ('top_up', 'withdrawal', 'repayment', 'card_transfer')) = (bank is not null)),
  add check ((kind = 'card_transfer') = (payee is not null)),
  add check (sealed_payee is null or state = 'requested');

-- Whether a card is still to be paid. `ended_at` is no part of it, so that an end stays within its page.
create index wallet_movement_payee on wallet_movement (card_token) where kind = 'card_transfer';

alter table bank_operation
  add column sealed_payee text check (sealed_payee ~ '^k1\.\d+\.[\w-]{40,}$'),
  add check (sealed_payee is null or (kind = 'credit' and state = 'begun'));
