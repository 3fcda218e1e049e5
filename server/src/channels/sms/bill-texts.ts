/**
 * The words of notices about bills, in zh and en: what happened to the money, with the number. Each zh text fits
 * one UCS-2 message (70) and each en text one of GSM-7 (160), with names of six characters.
 */
import { type BillNotice, billerWords, refusalOf } from '../../billers/index.ts'
import { format } from '../../kernel/index.ts'
import type { Language } from '../../payments/index.ts'
import { enTime, zhTime } from './wallet-texts.ts'

export const isOfBills = <Other extends { readonly id: string }>(
  notice: Other | BillNotice,
): notice is BillNotice => notice.id.startsWith('bill_')

export const billText = (notice: BillNotice, language: Language): string =>
  language === 'zh' ? zh(notice) : en(notice)

const yuan = (fen: string) => format(BigInt(fen))

function zh(n: BillNotice): string {
  const what = `${n.name.zh}${n.account}缴费${yuan(n.amount)}元`
  switch (n.id) {
    case 'bill_written_off':
      return `${zhTime(n.at)}${what}已销账，凭证号${n.receiptNo}。余额${yuan(n.balance)}元。`
    case 'bill_unknown':
      return `${what}：已扣款，销账处理中，请勿重复缴费，结果将短信通知。`
    case 'bill_returned':
      return `${zhTime(n.at)}${what}未成功，款项已退回，余额${yuan(n.balance)}元。${whyZh(n)}`
    case 'bill_due':
      return `${n.name.zh}${n.account}应缴${yuan(n.amount)}元，可在手机钱包中缴费。`
  }
}

function en(n: BillNotice): string {
  const what = `CNY ${yuan(n.amount)} for ${n.name.en} ${n.account}`
  switch (n.id) {
    case 'bill_written_off':
      return `${enTime(n.at)} ${what} is credited, receipt ${n.receiptNo}. Balance ${yuan(n.balance)}.`
    case 'bill_unknown':
      return `${what}: paid, being credited. Do not pay again; we will text the result.`
    case 'bill_returned':
      return `${enTime(n.at)} ${what} was not credited and is returned. Balance ${yuan(n.balance)}. ${whyEn(n)}`.trimEnd()
    case 'bill_due':
      return `${n.name.en} ${n.account}: CNY ${yuan(n.amount)} is due. You can pay it from your wallet.`
  }
}

type Returned = Extract<BillNotice, { id: 'bill_returned' }>

/** Nothing more than that it came back, where the biller does not say why. */
function why({ reason }: Returned, language: Language): string {
  const refusal = refusalOf(reason)
  return refusal === 'refused' ? '' : billerWords[refusal][language]
}
const whyZh = (n: Returned) => {
  const said = why(n, 'zh')
  return said && `${said}。`
}
const whyEn = (n: Returned) => {
  const said = why(n, 'en')
  return said && `${said}.`
}
