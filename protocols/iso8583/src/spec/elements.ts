/**
 * The data elements of ISO 8583:1987 §4: what each number is called and how much of it may
 * be shown. A number means the same in every flavour, so a flavour says how it looks, not what it is.
 */

/** How `describe` shows a value. */
export type Mask =
  /** As it is. Octets as hexadecimal digits. */
  | 'shown'
  /** A card number: the first six and the last four digits at most. */
  | 'pan'
  /** Track data: its card number as `pan`, nothing behind it. */
  | 'track'
  /** An account: the last four characters. */
  | 'account'
  /** Its length only. What private use may put there is not known here. */
  | 'length'
  /** Dots, whatever its length. */
  | 'secret'
  /** TLV of a chip card: known harmless tags as they are, all others by their length. */
  | 'emv'

export interface Element {
  readonly name: string
  readonly mask: Mask
}

const shown: Readonly<Record<number, string>> = {
  3: 'processing_code',
  4: 'amount_transaction',
  5: 'amount_settlement',
  6: 'amount_cardholder_billing',
  7: 'transmission_date_time',
  8: 'amount_cardholder_billing_fee',
  9: 'conversion_rate_settlement',
  10: 'conversion_rate_cardholder_billing',
  11: 'stan',
  12: 'local_time',
  13: 'local_date',
  15: 'settlement_date',
  16: 'conversion_date',
  17: 'capture_date',
  18: 'merchant_type',
  19: 'acquirer_country',
  20: 'pan_country',
  21: 'forwarder_country',
  22: 'pos_entry_mode',
  23: 'card_sequence_number',
  24: 'network_international_id',
  25: 'pos_condition_code',
  26: 'pos_pin_capture_code',
  27: 'authorization_id_length',
  28: 'amount_transaction_fee',
  29: 'amount_settlement_fee',
  30: 'amount_transaction_processing_fee',
  31: 'amount_settlement_processing_fee',
  32: 'acquirer',
  33: 'forwarder',
  37: 'retrieval_reference_number',
  38: 'authorization_id',
  39: 'response_code',
  40: 'service_restriction_code',
  41: 'terminal',
  42: 'card_acceptor',
  43: 'card_acceptor_name_location',
  49: 'currency_transaction',
  50: 'currency_settlement',
  51: 'currency_cardholder_billing',
  53: 'security_control',
  64: 'mac',
  66: 'settlement_code',
  67: 'extended_payment_code',
  68: 'receiver_country',
  69: 'settlement_institution_country',
  70: 'network_management_code',
  71: 'message_number',
  72: 'last_message_number',
  73: 'action_date',
  74: 'credits_number',
  75: 'credits_reversal_number',
  76: 'debits_number',
  77: 'debits_reversal_number',
  78: 'transfer_number',
  79: 'transfer_reversal_number',
  80: 'inquiries_number',
  81: 'authorizations_number',
  82: 'credits_processing_fee_amount',
  83: 'credits_transaction_fee_amount',
  84: 'debits_processing_fee_amount',
  85: 'debits_transaction_fee_amount',
  86: 'credits_amount',
  87: 'credits_reversal_amount',
  88: 'debits_amount',
  89: 'debits_reversal_amount',
  90: 'original_data',
  91: 'file_update_code',
  92: 'file_security_code',
  93: 'response_indicator',
  94: 'service_indicator',
  95: 'replacement_amounts',
  97: 'amount_net_settlement',
  98: 'payee',
  99: 'settlement_institution',
  100: 'receiver',
  101: 'file_name',
  128: 'mac',
}

const masked: Readonly<Record<number, Element>> = {
  2: { name: 'pan', mask: 'pan' },
  14: { name: 'expiration_date', mask: 'secret' },
  34: { name: 'pan_extended', mask: 'account' },
  35: { name: 'track_2', mask: 'track' },
  36: { name: 'track_3', mask: 'length' },
  44: { name: 'additional_response_data', mask: 'length' },
  45: { name: 'track_1', mask: 'length' },
  46: { name: 'additional_data_iso', mask: 'length' },
  47: { name: 'additional_data_national', mask: 'length' },
  48: { name: 'additional_data_private', mask: 'length' },
  52: { name: 'pin_data', mask: 'secret' },
  54: { name: 'additional_amounts', mask: 'length' },
  55: { name: 'icc_data', mask: 'emv' },
  96: { name: 'message_security_code', mask: 'secret' },
  102: { name: 'account_1', mask: 'account' },
  103: { name: 'account_2', mask: 'account' },
  104: { name: 'transaction_description', mask: 'length' },
}

/** Name and mask of a data element; numbers of reserved and private use give `reserved_60`, by length. */
export function elementOf(field: number): Element {
  const name = shown[field]
  if (name !== undefined) return { name, mask: 'shown' }
  return masked[field] ?? { name: `reserved_${field}`, mask: 'length' }
}
