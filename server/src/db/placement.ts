/**
 * Where each table lives when the schema is laid out over several machines with Citus. Every table
 * has its place here, and a test fails on one that has none.
 *
 *   distributed   cut into shards by `bucket`, all tables alike, so that what one payment needs is on
 *                 one machine
 *   reference     a copy on every machine: small, read by everybody, seldom written
 *   local         on the coordinator alone, an ordinary table
 */
export type Placement = 'distributed' | 'reference' | 'local'

const inPlace = (placement: Placement, tables: readonly string[]) =>
  tables.map((table) => [table, placement] as const)

export const placements: ReadonlyMap<string, Placement> = new Map([
  ...inPlace('distributed', [
    'account',
    'transfer',
    'subscriber',
    'limit_counter',
    'payment',
    'payment_event',
    'refund',
    // In the bucket of the key itself, not of the payer: two payers may send one key, and it must be
    // unique among both.
    'business_key',
    'inbound_message',
    'confirmation_slot',
    'webhook_event',
    'webhook_delivery',
    'notice_delivery',
    'mobile_money_instruction',
    'sms_message',
    'sms_part_sent',
    'sms_part_received',
    'checkout',
    'checkout_question',
    'card_question',
    'card_text',
    'kept_pin',
    'card_vault',
    // In the bucket of the hash itself, as it must be unique among all cards.
    'card_lookup',
    'bank_card',
    'bank_card_agreement',
    'bank_card_auto_repayment',
    'bank_card_bill',
    // In the bucket of the card, which is one number's among all.
    'bank_card_holder',
    'bank_card_verification',
    'bank_operation',
    'bank_exchange',
    'wallet_account',
    'wallet_movement',
    'wallet_event',
    'wallet_setting',
    'wallet_transfer',
    'wallet_contact',
    'wallet_request',
    'wallet_mandate',
    'wallet_split',
    'wallet_split_share',
    'wallet_packet',
    'wallet_packet_part',
    'wallet_transfer_event',
    'biller_bill',
    'biller_bill_event',
    'biller_account',
    'points_lot',
    'points_debt',
    'points_earning',
    'points_redemption',
    'points_adjustment',
    // In the bucket of its code, which must be unique among all; its use in the bucket of the wallet.
    'top_up_voucher',
    'top_up_voucher_use',
    'identity',
    // As for cards: a document must be unique among all people.
    'identity_lookup',
    'number_owner',
    'wallet_pin',
    'sign_in_code',
    'sign_in_session',
    'sign_in_passkey',
    'sign_in_proof',
    // In the bucket of the alias, which says nothing about the number.
    'payment_code_alias',
    'payment_code_use',
    // In the bucket of the merchant's order: it must be unique among all numbers.
    'scan',
  ]),
  // What every process keeps in memory, and what every order is compared with.
  ...inPlace('reference', [
    'merchant',
    'product',
    'api_client',
    'webhook_endpoint',
    'risk_entry',
    'risk_policy',
    'catalogue_version',
  ]),
  // Claimed by topic over all buckets with SKIP LOCKED, which Citus refuses on a distributed table.
  // Its rows live for moments, so it stays small.
  ...inPlace('local', ['job']),
  // One row that every batch locks: copies would have to be locked on every machine.
  ...inPlace('local', ['business_day']),
  // A few rows a day, or one at a time by a key of their own; never joined with a distributed table.
  ...inPlace('local', [
    'bank_trace_number',
    'bank_day',
    'bank_file_row',
    'bank_difference',
    'bank_act',
    'biller_day',
    'biller_difference',
    'biller_act',
    'closed_day',
    'statement',
    'charging_file',
    'merchant_application',
    'operator_log',
    'audit_head',
    // What the operator offers for points: a row of it is locked by whoever takes the last one.
    'points_programme',
    'points_reward',
    'points_stocking',
    'points_voucher',
    // Some a month.
    'top_up_voucher_batch',
    // One row of a number that guessed wrong, found by its name.
    'code_guard',
    // People and their acts at the counter, by keys of their own: some a minute in each hall.
    'staff_person',
    'staff_session',
    'staff_approval',
    'staff_till',
    'staff_till_entry',
    'staff_till_banking',
    'staff_act',
    'staff_voucher_month',
    'staff_voucher',
    'oauth_record',
    'oauth_key',
    'oauth_subject',
    'oauth_code',
    // By the number alone, whichever door asks for a code.
    'code_sends',
    // Of nobody yet, for minutes.
    'sign_in_challenge',
    'setting',
    'migration',
    'migration_checksum',
  ]),
])

/** All distributed tables share its shards: equal buckets of all of them are on one machine. */
export const firstDistributed = 'account'

export const tablesOf = (placement: Placement): string[] =>
  [...placements].flatMap(([table, place]) => (place === placement ? [table] : []))
