-- Payments that began with a code: how they were agreed to, for each way has a limit of its own for a day.

alter table payment add column code_proof text
  check (code_proof in ('static_code', 'one_factor', 'two_factors'));
