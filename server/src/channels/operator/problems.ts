/** What a refusal is over HTTP. One row per refusal; a missing row does not compile. */
import type {
  ApprovalRefusal,
  ChangeRefusal,
  ClientRefusal,
  MerchantRefusal,
  AddRefusal as ProductAddRefusal,
} from '../../merchants/index.ts'
import type { AdjustRefusal, CatalogueRefusal } from '../../points/index.ts'
import type {
  AskRefusal,
  BillerAskRefusal,
  BillerDecideRefusal,
  DecideRefusal,
} from '../../reconciliation/index.ts'
import type { AddRefusal as EntryAddRefusal, PolicyRefusal } from '../../risk/index.ts'
import type { NewPersonRefusal, PersonRefusal } from '../../staff/index.ts'
import type { BatchRefusal as TopUpBatchRefusal } from '../../top-up-vouchers/index.ts'
import type { ResolveRefusal, RestrictRefusal } from '../../wallet/index.ts'
import { ProblemError } from '../http/index.ts'
import type { DoorRefusal } from '../staff-door/index.ts'

export type OperatorRefusal =
  | ApprovalRefusal
  | MerchantRefusal
  | ProductAddRefusal
  | ChangeRefusal
  | ClientRefusal
  | EntryAddRefusal
  | PolicyRefusal
  | AskRefusal
  | DecideRefusal
  | BillerAskRefusal
  | BillerDecideRefusal
  | CatalogueRefusal
  | AdjustRefusal
  | TopUpBatchRefusal
  | 'printer_key_malformed'
  | DoorRefusal
  | NewPersonRefusal
  | PersonRefusal
  | 'person_is_own'
  | 'person_needed'
  | 'second_person_wrong'
  | RestrictRefusal
  | ResolveRefusal
  | 'client_not_found'
  | 'client_revoked'
  | 'number_unknown'
  | 'number_closed'
  | 'number_not_mobile'
  | 'limit_negative'
  | 'sim_change_in_future'
  | 'entry_not_found'
  | 'already_removed'

const rows: Record<OperatorRefusal, readonly [status: number, title: string]> = {
  session_missing: [401, 'Sign in first'],
  wrong_credentials: [401, 'Login, password or code is wrong'],
  locked: [429, 'Too many wrong tries; try again later'],
  foreign_request: [403, 'The request is not from our own page'],
  role_missing: [403, 'Your role does not allow this'],
  password_must_change: [403, 'Change your initial password first'],
  password_weak: [422, 'At least 12 characters, and not your login in it'],
  password_same: [422, 'The new password is the old one'],
  person_needed: [403, 'The token proves no person: sign in at /operator'],
  login_malformed: [422, 'A login has 2 to 32 small letters, digits or ._-'],
  login_taken: [409, 'There is or was somebody of this login'],
  login_unknown: [404, 'There is nobody of this login'],
  already_so: [409, 'It is so already'],
  admin_is_more: [422, 'Who says what others may do has no other role'],
  person_is_own: [403, 'Nobody changes himself: another admin does'],
  application_not_found: [404, 'There is no such application'],
  already_decided: [409, 'The application has been decided before'],
  number_malformed: [422, 'A merchant number has four digits, from 1000 to 9999'],
  number_taken: [409, 'This number has or had another merchant'],
  no_number_left: [409, 'All merchant numbers are given'],
  merchant_not_found: [404, 'There is no such merchant'],
  merchant_closed: [409, 'The merchant is closed'],
  not_allowed_now: [409, 'The merchant cannot go from its present status to this one'],
  name_malformed: [422, 'A name has at most 12 han or 24 latin letters in both languages'],
  shares_over_everything: [422, 'Fee and carrier share are together more than the price'],
  open_amount_malformed: [
    422,
    'An open amount goes from 10 to 3000 fen in whole steps of a multiple of 10 fen',
  ],
  product_not_found: [404, 'There is no such product'],
  code_malformed: [422, 'A product code has three digits and does not begin with 9'],
  code_taken: [409, 'The merchant has a product with this code'],
  price_out_of_range: [422, 'A price is from 10 to 3000 fen'],
  too_many_keywords: [422, 'A product has at most five keywords'],
  keyword_malformed: [422, 'A keyword is one word of at most 12 letters and digits'],
  keyword_is_a_number: [422, 'A number is an amount or a code, never a keyword'],
  keyword_is_reserved: [422, 'The keyword means yes, no or stop to customers'],
  keyword_taken: [409, 'Another product of the merchant has this keyword'],
  account_pattern_missing: [422, 'A top-up needs the form of its accounts'],
  account_pattern_unsafe: [
    422,
    'An account pattern has at most 60 characters and 3 repetitions, and no groups',
  ],
  validity_malformed: [422, 'The product would end before it begins'],
  too_many_clients: [409, 'A merchant has at most twenty API clients: revoke one first'],
  redirect_uri_missing: [422, 'The authorization code grant needs a redirect URI'],
  redirect_uri_malformed: [422, 'A redirect URI is https, without a fragment'],
  client_not_found: [404, 'There is no such API client'],
  client_revoked: [409, 'The API client is revoked'],
  number_not_mobile: [422, 'This is no mobile number'],
  number_unknown: [404, 'The number has never been seen'],
  number_closed: [409, 'The number is closed'],
  wallet_not_found: [404, 'There is no such wallet'],
  movement_not_found: [404, 'There is no such movement'],
  movement_not_unknown: [409, 'It is known what became of the movement'],
  movement_at_bank: [
    409,
    'The bank may still say what became of it, or what differs with the bank does',
  ],
  wallet_closed: [409, 'The wallet is closed'],
  level_too_low: [422, 'This class of account needs a verified identity'],
  class_cannot_fall: [409, 'A wallet above class I does not go back to it'],
  limit_negative: [422, 'A limit is not below zero'],
  sim_change_in_future: [422, 'A SIM cannot have been changed in the future'],
  subject_malformed: [422, 'The subject does not have the form of its kind'],
  expiry_passed: [422, 'The expiry is in the past'],
  already_listed: [409, 'The subject is on this list already'],
  entry_not_found: [404, 'There is no such entry'],
  already_removed: [409, 'The entry was removed before'],
  difference_unknown: [404, 'There is no such difference'],
  difference_resolved: [409, 'The difference is resolved'],
  difference_not_in_suspense: [409, 'Book the difference to suspense first'],
  difference_in_suspense: [409, 'The difference is booked to suspense already'],
  difference_without_amount: [409, 'No money is missing, or it is not clear on which side'],
  difference_other_act: [409, 'As the payment stands now, something else must be done'],
  bill_not_paid: [409, 'The bill is not paid, or was given back'],
  bill_paid_over: [409, 'The money has been paid over to the biller'],
  difference_other_side: [409, 'Long is paid to its owner, short is covered from own money'],
  reward_unknown: [404, 'There is no such reward'],
  reward_period_malformed: [422, 'The reward would end before it begins'],
  reward_without_codes: [409, 'Vouchers are stocked with codes, other rewards with pieces'],
  voucher_known: [409, 'One of the codes was loaded before'],
  points_low: [409, 'The wallet does not have so many points'],
  top_up_batch_unknown: [404, 'There is no such batch of top-up vouchers'],
  top_up_batch_made: [409, 'The batch was made before: its codes left then, and are nowhere now'],
  top_up_batch_not_made: [409, 'The batch is not made yet: fetch the file for the printer first'],
  top_up_batch_ended: [409, 'The batch has ended'],
  top_up_batch_expired: [409, 'The vouchers of the batch have expired'],
  top_up_batch_still_valid: [409, 'The vouchers of the batch are still valid: they can be blocked'],
  printer_key_malformed: [422, 'A printer key is a public RSA key in PEM, of at least 2048 bits'],
  exists_with_different_content: [409, 'This key stands for something else that was done'],
  number_needed: [422, 'Say whose money it is: msisdn'],
  number_not_wanted: [422, 'Only money that is paid to its owner has a number'],
  wallet_not_open: [409, 'The number has no open wallet'],
  act_waits: [409, 'Another act waits for a second person'],
  act_unknown: [404, 'There is no such act'],
  act_decided: [409, 'The act has been decided before'],
  act_expired: [409, 'Nobody decided in time: ask for it again'],
  second_person_wrong: [403, 'The code is wrong, or this is no supervisor'],
  act_is_own: [403, 'A second person must agree'],
  day_unknown: [404, 'There is no such day of this bank'],
  day_not_read: [409, 'The file of that day was not read to its end'],
  day_has_totals: [409, 'The bank told totals: the file has been compared with them'],
  day_accepted: [409, 'The file was taken for whole before'],
  value_out_of_range: [422, 'A value is below zero or beyond any use'],
  limits_out_of_order: [422, 'It must hold: 0 < minimum <= single <= day <= month'],
  reservation_outlives_carrier: [
    422,
    'A reservation must end before the carrier drops it after five minutes',
  ],
}

export function refused(refusal: OperatorRefusal, retryAfterMs?: number): ProblemError {
  const [status, title] = rows[refusal]
  return new ProblemError({
    ...{ status, type: refusal, title },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(refusal === 'session_missing' && { challenge: 'Session' }),
  })
}
