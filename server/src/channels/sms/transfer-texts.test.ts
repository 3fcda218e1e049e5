import { splitText } from '@telepurse/sms'
import { expect, test } from 'vitest'
import type { TransferNotice } from '../../transfers/index.ts'
import { recordOf, textOf } from './texts.ts'
import { isOfTransfers } from './transfer-texts.ts'

const amount = '5000000'
const other = '138****8000'
const due = '2026-11-23T14:32:08'
const change = { at: due, amount, balance: '123456789' }
const asked = { amount, other }
/** Why a payer's wallet cannot pay a code that was read. */
const whys = [
  ...(['payee_unable', 'frozen_in', 'wallet_not_found', 'wallet_closing'] as const),
  ...(['line_not_active', 'frozen_out', 'cooling_off', 'over_single_limit'] as const),
  ...(['over_day_limit', 'over_class_limit', 'low_balance', 'over_day_count'] as const),
  'over_code_limit',
] as const
const reasons = ['by_payer', 'payer_frozen', 'payee_unable'] as const

/** Every notice with the longest values it can have; a new notice does not compile without a row. */
const notices: { readonly [Id in TransferNotice['id']]: readonly TransferNotice[] } = {
  transfer_sent: [{ id: 'transfer_sent', ...change, other }],
  transfer_received: [{ id: 'transfer_received', ...change, other }],
  transfer_delayed: [{ id: 'transfer_delayed', ...change, other, due }],
  transfer_waiting: [{ id: 'transfer_waiting', ...change, other, due }],
  transfer_coming: [{ id: 'transfer_coming', ...asked, due }],
  transfer_to_claim: [{ id: 'transfer_to_claim', ...asked, due }],
  transfer_cancelled: reasons.map((reason) => ({
    ...{ id: 'transfer_cancelled', ...change, other, reason },
  })),
  transfer_called_off: [{ id: 'transfer_called_off', ...asked }],
  transfer_arrived: [{ id: 'transfer_arrived', ...asked }],
  transfer_returned: [{ id: 'transfer_returned', ...change, other }],
  transfer_requested: [{ id: 'transfer_requested', ...asked, due }],
  transfer_request_declined: [{ id: 'transfer_request_declined', ...asked }],
  transfer_code_refused: whys.map((why) => ({
    ...{ id: 'transfer_code_refused', ...asked, why, left: amount, waitMs: 48 * 3_600_000 },
  })),
  transfer_mandate_given: [{ id: 'transfer_mandate_given', ...asked }],
  transfer_mandate_ended: [{ id: 'transfer_mandate_ended', ...asked }],
  transfer_mandate_skipped: [{ id: 'transfer_mandate_skipped', ...asked, why: 'WL-01' }],
  transfer_split_asked: [{ id: 'transfer_split_asked', ...asked }],
  transfer_split_reminder: [{ id: 'transfer_split_reminder', ...asked }],
  transfer_share_declined: [{ id: 'transfer_share_declined', amount, other }],
  transfer_split_stopped: [{ id: 'transfer_split_stopped', other }],
  transfer_split_closed: [{ id: 'transfer_split_closed', amount }],
  transfer_packet_sent: [{ id: 'transfer_packet_sent', ...change, count: 100 }],
  transfer_packet_for_you: [{ id: 'transfer_packet_for_you', other }],
  transfer_packet_opened: [{ id: 'transfer_packet_opened', ...change, other }],
  transfer_packet_returned: [{ id: 'transfer_packet_returned', ...change }],
}
const all = Object.values(notices).flat()

test.each(
  all.flatMap((notice) => (['zh', 'en'] as const).map((language) => ({ notice, language }))),
)('$notice.id in $language is one message, and says the amount', ({ notice, language }) => {
  const text = textOf(notice, language)
  const split = splitText(text, { reference: 7 })
  expect([text, split.ok && split.value.length]).toEqual([text, 1])
  expect(recordOf(notice, language)).toBe(text)
  expect(isOfTransfers(notice)).toBe(true)
  if ('amount' in notice) expect(text).toContain('50000.00')
  if ('balance' in notice) expect(text).toContain('1234567.89')
  if ('other' in notice) expect(text).toContain(other)
})

test('the fixed words of the trade', () => {
  const [delayed] = notices.transfer_delayed
  const [returned] = notices.transfer_returned
  const [packet] = notices.transfer_packet_returned
  if (!delayed || !returned || !packet) throw new Error('there is one of each')
  expect(textOf(delayed, 'zh')).toContain('将于11月23日14:32到账，之前可撤销')
  expect(textOf(returned, 'zh')).toContain('24小时内未领取，50000.00元已退回')
  expect(textOf(packet, 'zh')).toContain('红包已超过24小时，剩余50000.00元已退回')
})
