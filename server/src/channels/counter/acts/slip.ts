/** What a voucher says of an act. Everything in it is masked: a slip is left lying about. */
import { type BusinessTime, format, masked } from '../../../kernel/index.ts'
import type { Act, ActKind, Bilingual, VoucherContent } from '../../../staff/index.ts'
import type { BoundCard } from '../ports.ts'
import { maskedCard } from '../views.ts'

export const actTitles: Readonly<Record<ActKind, Bilingual>> = {
  open: { zh: '钱包开户', en: 'Wallet opened' },
  bind: { zh: '绑定银行卡', en: 'Bank card bound' },
  rebind: { zh: '换绑银行卡', en: 'Bank card bound again' },
  unbind: { zh: '解绑银行卡', en: 'Bank card unbound' },
  pin_reset: { zh: '重置支付密码', en: 'Payment PIN reset' },
  sim_change: { zh: '换卡登记', en: 'SIM change registered' },
  close: { zh: '钱包销户', en: 'Wallet closed' },
  cash_in: { zh: '现金存入', en: 'Cash paid in' },
  cash_out: { zh: '现金取出', en: 'Cash paid out' },
}

const labels = {
  act: { zh: '业务', en: 'Act' },
  number: { zh: '手机号', en: 'Number' },
  owner: { zh: '户名', en: 'Name' },
  card: { zh: '卡号', en: 'Card' },
  amount: { zh: '金额', en: 'CNY' },
  paidOut: { zh: '余额转出', en: 'Paid out, CNY' },
  agreement: { zh: '协议', en: 'Agreement' },
  at: { zh: '时间', en: 'Time' },
  place: { zh: '网点 / 柜员', en: 'Hall / clerk' },
} as const satisfies Readonly<Record<string, Bilingual>>

type Label = keyof typeof labels

export interface SlipFacts {
  readonly time: BusinessTime
  readonly now: number
  readonly clerk: string
  readonly maskedName: string | null
  readonly card?: BoundCard
  readonly paidOut?: bigint
  readonly agreement?: { readonly version: string; readonly signature: string | null }
  readonly note?: Bilingual
}

export function slipOf(act: Act, facts: SlipFacts): VoucherContent {
  const { card, agreement, paidOut } = facts
  const lines: readonly (readonly [Label, string | Bilingual | null])[] = [
    ['act', actTitles[act.kind]],
    ['number', masked(act.msisdn)],
    ['owner', facts.maskedName],
    ['card', card ? maskedCard(card) : null],
    ['amount', act.amount === null ? null : format(act.amount)],
    ['paidOut', paidOut === undefined ? null : format(paidOut)],
    ['agreement', agreement?.version ?? null],
    ['at', facts.time.localOf(facts.now).replace('T', ' ')],
    ['place', `${act.office} / ${facts.clerk}`],
  ]
  return {
    title: actTitles[act.kind],
    lines: lines.flatMap(([label, value]) =>
      value === null ? [] : [{ label: labels[label], value }],
    ),
    note: facts.note ?? null,
    signature: agreement?.signature ?? null,
  }
}

export const pinNote = (msisdn: string): Bilingual => ({
  zh: `初始支付密码用短信发到 ${masked(msisdn)}。首次付款前必须修改，请勿告诉他人。`,
  en: `The initial payment PIN goes to ${masked(msisdn)} by SMS. Change it before the first payment; tell nobody.`,
})
