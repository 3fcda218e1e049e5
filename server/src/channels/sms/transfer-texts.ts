/**
 * The words of notices about money between people, in zh and en: what happened to the money, with the number.
 * Each zh text fits one UCS-2 message (70) and each en text one of GSM-7 (160), up to the largest amounts.
 */
import { format } from '../../kernel/index.ts'
import type { Language } from '../../payments/index.ts'
import { type EndReason, type TransferNotice, transferWords } from '../../transfers/index.ts'
import { filled } from '../../wallet/index.ts'
import { enTime, zhTime } from './wallet-texts.ts'

export const isOfTransfers = <Other extends { readonly id: string }>(
  notice: Other | TransferNotice,
): notice is TransferNotice => notice.id.startsWith('transfer_')

export const transferText = (notice: TransferNotice, language: Language): string =>
  language === 'zh' ? zh(notice) : en(notice)

const yuan = (fen: string) => format(BigInt(fen))

function zh(n: TransferNotice): string {
  switch (n.id) {
    case 'transfer_sent':
      return `${zhTime(n.at)}向${n.other}转账${yuan(n.amount)}元已到账，余额${yuan(n.balance)}元。`
    case 'transfer_received':
      return `${zhTime(n.at)}收到${n.other}转账${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'transfer_delayed':
      return `向${n.other}转账${yuan(n.amount)}元将于${zhTime(n.due)}到账，之前可撤销。余额${yuan(n.balance)}元。`
    case 'transfer_coming':
      return `${n.other}向您转账${yuan(n.amount)}元，预计${zhTime(n.due)}到账，之前对方可撤销。`
    case 'transfer_waiting':
      return `向${n.other}转账${yuan(n.amount)}元待领取，${zhTime(n.due)}前未领取将退回。余额${yuan(n.balance)}元。`
    case 'transfer_to_claim':
      return `${n.other}向您转账${yuan(n.amount)}元，请于${zhTime(n.due)}前开通钱包领取，逾期退回。`
    case 'transfer_cancelled':
      return `${zhTime(n.at)}向${n.other}转账未到账：${cancelled.zh[n.reason]}，${yuan(n.amount)}元已退回，余额${yuan(n.balance)}元。`
    case 'transfer_called_off':
      return `${n.other}向您的转账${yuan(n.amount)}元已撤销，未到账。`
    case 'transfer_arrived':
      return `您向${n.other}的转账${yuan(n.amount)}元，对方已收到。`
    case 'transfer_returned':
      return `${zhTime(n.at)}${n.other}24小时内未领取，${yuan(n.amount)}元已退回，余额${yuan(n.balance)}元。`
    case 'transfer_requested':
      return `${n.other}请您付款${yuan(n.amount)}元，${zhTime(n.due)}前有效。请核实对方身份后再付款。`
    case 'transfer_request_declined':
      return `${n.other}谢绝了您${yuan(n.amount)}元的收款请求。`
    case 'transfer_code_refused':
      return `${n.other}扫码收款${yuan(n.amount)}元未付：${reasonOf(n).zh}。`
    case 'transfer_mandate_given':
      return `${n.other}授权您按约定收款，每期不超过${yuan(n.amount)}元。`
    case 'transfer_mandate_ended':
      return `${n.other}已终止每期不超过${yuan(n.amount)}元的收款授权。`
    case 'transfer_mandate_skipped':
      return `向${n.other}的定期转账${yuan(n.amount)}元本期未转出（${n.why}），未扣款，不会补转。`
    case 'transfer_split_asked':
      return `${n.other}邀您AA付款，您的一份是${yuan(n.amount)}元。请核实对方身份后再付款。`
    case 'transfer_split_reminder':
      return `提醒：${n.other}发起的AA付款，您的一份${yuan(n.amount)}元尚未支付。`
    case 'transfer_split_stopped':
      return `${n.other}发起的AA收款已停止，您无需付款。`
    case 'transfer_share_declined':
      return `${n.other}不参与您发起的AA付款，${yuan(n.amount)}元的一份已取消。`
    case 'transfer_split_closed':
      return `您发起的AA收款已收齐，共${yuan(n.amount)}元。`
    case 'transfer_packet_sent':
      return `${zhTime(n.at)}发出${n.count}个红包共${yuan(n.amount)}元，24小时内未领取将退回。余额${yuan(n.balance)}元。`
    case 'transfer_packet_for_you':
      return `${n.other}给您发了一个红包，24小时内打开钱包领取。`
    case 'transfer_packet_opened':
      return `${zhTime(n.at)}领取${n.other}的红包${yuan(n.amount)}元，余额${yuan(n.balance)}元。`
    case 'transfer_packet_returned':
      return `${zhTime(n.at)}红包已超过24小时，剩余${yuan(n.amount)}元已退回，余额${yuan(n.balance)}元。`
  }
}

function en(n: TransferNotice): string {
  switch (n.id) {
    case 'transfer_sent':
      return `${enTime(n.at)} sent CNY ${yuan(n.amount)} to ${n.other}. Balance ${yuan(n.balance)}.`
    case 'transfer_received':
      return `${enTime(n.at)} received CNY ${yuan(n.amount)} from ${n.other}. Balance ${yuan(n.balance)}.`
    case 'transfer_delayed':
      return `CNY ${yuan(n.amount)} to ${n.other} arrives at ${enTime(n.due)}; you can cancel before. Balance ${yuan(n.balance)}.`
    case 'transfer_coming':
      return `${n.other} sends you CNY ${yuan(n.amount)}, due at ${enTime(n.due)}. It can be cancelled before.`
    case 'transfer_waiting':
      return `CNY ${yuan(n.amount)} waits for ${n.other}. Not claimed by ${enTime(n.due)}, it comes back. Balance ${yuan(n.balance)}.`
    case 'transfer_to_claim':
      return `${n.other} sends you CNY ${yuan(n.amount)}. Open a wallet by ${enTime(n.due)} to get it, or it goes back.`
    case 'transfer_cancelled':
      return `${enTime(n.at)} transfer to ${n.other} not made: ${cancelled.en[n.reason]}. CNY ${yuan(n.amount)} is back, balance ${yuan(n.balance)}.`
    case 'transfer_called_off':
      return `The transfer of CNY ${yuan(n.amount)} from ${n.other} was cancelled and did not arrive.`
    case 'transfer_arrived':
      return `Your transfer of CNY ${yuan(n.amount)} to ${n.other} has arrived.`
    case 'transfer_returned':
      return `${enTime(n.at)} ${n.other} did not claim it in 24 h. CNY ${yuan(n.amount)} returned, balance ${yuan(n.balance)}.`
    case 'transfer_requested':
      return `${n.other} asks you for CNY ${yuan(n.amount)}, until ${enTime(n.due)}. Make sure who it is before you pay.`
    case 'transfer_request_declined':
      return `${n.other} declined your request for CNY ${yuan(n.amount)}.`
    case 'transfer_code_refused':
      return `Your code was read by ${n.other} for CNY ${yuan(n.amount)}, not paid: ${reasonOf(n).en}.`
    case 'transfer_mandate_given':
      return `${n.other} lets you collect up to CNY ${yuan(n.amount)} each period, as agreed.`
    case 'transfer_mandate_ended':
      return `${n.other} ended the mandate of up to CNY ${yuan(n.amount)} each period.`
    case 'transfer_mandate_skipped':
      return `Your regular transfer of CNY ${yuan(n.amount)} to ${n.other} was not made this time (${n.why}). Nothing was taken.`
    case 'transfer_split_asked':
      return `${n.other} splits a bill with you: your share is CNY ${yuan(n.amount)}. Make sure who it is before you pay.`
    case 'transfer_split_reminder':
      return `Reminder: your share of CNY ${yuan(n.amount)} of the bill from ${n.other} is not paid.`
    case 'transfer_split_stopped':
      return `${n.other} stopped collecting for the bill. You need not pay.`
    case 'transfer_share_declined':
      return `${n.other} does not take part in your bill; the share of CNY ${yuan(n.amount)} is off.`
    case 'transfer_split_closed':
      return `Everybody has paid: CNY ${yuan(n.amount)} collected for your bill.`
    case 'transfer_packet_sent':
      return `${enTime(n.at)} sent ${n.count} red packets, CNY ${yuan(n.amount)} in all. Unopened ones return in 24 h. Balance ${yuan(n.balance)}.`
    case 'transfer_packet_for_you':
      return `${n.other} sent you a red packet. Open it in your wallet within 24 h.`
    case 'transfer_packet_opened':
      return `${enTime(n.at)} opened a red packet from ${n.other}: CNY ${yuan(n.amount)}. Balance ${yuan(n.balance)}.`
    case 'transfer_packet_returned':
      return `${enTime(n.at)} red packet expired; CNY ${yuan(n.amount)} returned. Balance ${yuan(n.balance)}.`
  }
}

/** From now on, as the text is written. */
const reasonOf = ({
  why,
  left,
  waitMs,
}: Extract<TransferNotice, { id: 'transfer_code_refused' }>) =>
  filled(transferWords[why], {
    now: 0,
    ...(left !== undefined && { left: BigInt(left) }),
    ...(waitMs !== undefined && { until: waitMs }),
  })

const cancelled: Readonly<Record<Language, Readonly<Record<EndReason, string>>>> = {
  zh: { by_payer: '已撤销', payer_frozen: '钱包已冻结', payee_unable: '对方不能收款' },
  en: {
    by_payer: 'cancelled',
    payer_frozen: 'your wallet is frozen',
    payee_unable: 'the payee cannot receive',
  },
}
