/** The bill that every number of the sandbox has, and may pay over and over. */
export const sandboxBill = {
  billReference: 'sandbox',
  billStatus: 'unpaid',
  ...{ amountDue: '86.40', minimumAmountDue: '0.01', currency: 'CNY' },
  billdescription: 'Sandbox Power ****5678',
} as const
