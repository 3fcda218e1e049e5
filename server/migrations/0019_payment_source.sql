-- Whose money pays: the phone bill, or a card. What is kept of the card is what a receipt prints.

alter table payment
  add column source text not null default 'phone_bill' check (source in ('phone_bill', 'card')),
  add column card jsonb,
  add check ((source = 'card') = (card is not null));
