-- Payment codes that another customer reads: a request for money that has a code for its payer's word. A little is
-- paid at once; more is open until the payer has typed the PIN.

alter table wallet_request
  add column code_alias text,
  add column code_step int8,
  -- What the payer's wallet or its limits said.
  add column reason text,
  drop constraint wallet_request_state_check,
  add constraint wallet_request_state_check
    check (state in ('open', 'paid', 'declined', 'cancelled', 'expired', 'refused')),
  -- Who reads his own code has used it up, and is paid nothing.
  drop constraint wallet_request_check,
  add constraint wallet_request_check check (payer <> msisdn or state = 'refused'),
  add constraint wallet_request_code check (num_nulls(code_alias, code_step) in (0, 2)),
  add constraint wallet_request_reason check ((state = 'refused') = (reason is not null)),
  add constraint wallet_request_refused check (state <> 'refused' or code_alias is not null);

alter table wallet_transfer
  add column code_proof text check (code_proof in ('one_factor', 'two_factors')),
  drop constraint wallet_transfer_origin_check,
  add constraint wallet_transfer_origin_check
    check (origin in ('send', 'request', 'mandate', 'split', 'split_return', 'code')),
  add constraint wallet_transfer_code check ((origin = 'code') = (code_proof is not null));
