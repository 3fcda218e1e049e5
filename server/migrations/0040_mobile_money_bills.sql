-- Bills over the mobile money API: an instruction may pay one, and bears the biller's receipt.
alter table mobile_money_instruction drop constraint mobile_money_instruction_kind_check;
alter table mobile_money_instruction add constraint mobile_money_instruction_kind_check check (kind in
  ('transfer', 'merchantpay', 'reversal', 'debitmandate', 'authorisationcode', 'quotation', 'billpay'));
alter table mobile_money_instruction add column receipt text;
create index mobile_money_instruction_bills
  on mobile_money_instruction (msisdn, created_at) where kind = 'billpay';
