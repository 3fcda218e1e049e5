/** What the data objects of a merchant's code are called (EMV QRCPS-MPM 1.1, tables 3.1 and 3.7). */

export const additionalNames = {
  '01': 'billNumber',
  '02': 'mobileNumber',
  '03': 'storeLabel',
  '04': 'loyaltyNumber',
  '05': 'referenceLabel',
  '06': 'customerLabel',
  '07': 'terminalLabel',
  '08': 'purpose',
  '09': 'dataRequest',
  '10': 'merchantTaxId',
  '11': 'merchantChannel',
} as const

export const initiations = { '11': 'static', '12': 'dynamic' } as const
