// The one table of status words. Every surface takes tone, Chinese and English from here;
// a tone is always shown as icon, word and colour together.

export type Tone = 'done' | 'wait' | 'held' | 'work' | 'unknown' | 'back' | 'bad' | 'off'

export type Status = readonly [tone: Tone, zh: string, en: string]

export const paymentStatus = {
  awaiting_confirm: ['wait', '待用户回复', 'Awaiting reply'],
  held: ['held', '已暂停', 'On hold'],
  cancelled: ['off', '已取消，未扣款', 'Cancelled, not charged'],
  expired: ['off', '已过期，未扣款', 'Expired, not charged'],
  refused: ['bad', '未通过，未扣款', 'Declined, not charged'],
  charging: ['work', '扣款中', 'Charging'],
  charge_unknown: ['unknown', '核实中', 'Checking'],
  reversing: ['unknown', '核实中，撤销中', 'Checking, taking back'],
  reversed: ['back', '已撤销，未扣款', 'Reversed, not charged'],
  charge_failed: ['bad', '运营商拒绝，未扣款', 'Carrier declined, not charged'],
  reserving: ['work', '预留中', 'Reserving'],
  reserved: ['held', '已预留', 'Reserved'],
  charged: ['work', '已扣款，发货中', 'Paid, delivering'],
  delivering: ['work', '发货中', 'Delivering'],
  delivery_unknown: ['unknown', '发货核实中', 'Delivery checking'],
  delivered: ['done', '已完成', 'Done'],
  delivery_failed: ['wait', '未送达，待处理', 'Not delivered, in hand'],
  refunding: ['work', '退款中', 'Refunding'],
  refund_unknown: ['unknown', '退款核实中', 'Refund checking'],
  refunded: ['back', '已退款', 'Refunded'],
} as const satisfies Record<string, Status>

export type PaymentState = keyof typeof paymentStatus

export const partlyRefunded = ['back', '部分退款', 'Partly refunded'] as const satisfies Status

export const webhookStatus = {
  delivered: ['done', '已送达', 'Delivered'],
  retrying: ['work', '重试中', 'Retrying'],
  failed: ['bad', '未送达', 'Not delivered'],
} as const satisfies Record<string, Status>

export type WebhookState = keyof typeof webhookStatus

export const lineStatus = {
  active: ['done', '正常', 'Active'],
  suspended: ['held', '已停机', 'Suspended'],
} as const satisfies Record<string, Status>

/** How an order's amount is written: `owed` in ink, `pending` grey, `void` grey and struck. */
export type AmountForm = 'owed' | 'pending' | 'void'

const pending = new Set<PaymentState>([
  'awaiting_confirm',
  'held',
  'charging',
  'charge_unknown',
  'reserving',
  'reserved',
  'reversing',
])
const never = new Set<PaymentState>([
  'cancelled',
  'expired',
  'refused',
  'charge_failed',
  'reversed',
])

export function amountFormOf(state: PaymentState): AmountForm {
  if (never.has(state)) return 'void'
  return pending.has(state) ? 'pending' : 'owed'
}

/** Only money that surely reached the merchant's account can be given back from the shop. */
export function isRefundable(state: PaymentState): boolean {
  return state === 'charged' || state === 'delivered' || state === 'delivery_unknown'
}
