// One row of the statement: what, when, with whom, and the amount.
import {
  ArrowDownToLine,
  ArrowUpFromLine,
  CircleDot,
  CreditCard,
  Gift,
  HandCoins,
  type LucideIcon,
  Percent,
  ScrollText,
  Send,
  ShoppingBag,
  Ticket,
  Undo2,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { type Fen, formatFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { checkoutZone, minuteOf } from '../../time.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Line, LineKind } from '../contract.ts'
import { momentName } from '../moment.ts'

const icons: Record<LineKind, LucideIcon> = {
  payment: ShoppingBag,
  refund: Undo2,
  transfer: Send,
  face_to_face: HandCoins,
  packet: Gift,
  bill: ScrollText,
  top_up: ArrowDownToLine,
  top_up_voucher: Ticket,
  withdrawal: ArrowUpFromLine,
  repayment: CreditCard,
  card_transfer: Send,
  fee: Percent,
  cash_in: ArrowDownToLine,
  cash_out: ArrowUpFromLine,
}

export function LineRow({ line, when = 'minute' }: { line: Line; when?: 'minute' | 'day' }) {
  const { t, i18n } = useTranslation('app')
  const { id, at, kind, title, counterparty, amount } = line
  const moment = Date.parse(at)
  const time = when === 'day' ? momentName(moment, Date.now(), t) : minuteOf(moment, checkoutZone)
  const about = [time, counterparty && pick(counterparty, i18n.language)].filter(Boolean)
  return (
    <Link to={`/receipts/${id}`} className="entry">
      <span className="entry-icon">
        <Icon of={kind === null ? CircleDot : icons[kind]} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title">{pick(title, i18n.language)}</span>
        <small>{about.join(' · ')}</small>
      </span>
      <SignedAmount amount={amount} />
    </Link>
  )
}

/** In comes green with a plus; out is ink with a minus. */
export function SignedAmount({ amount }: { amount: Fen }) {
  const isIn = BigInt(amount) > 0n
  return (
    <span className={isIn ? 'entry-amount num come-in' : 'entry-amount num'}>
      {isIn ? '+' : ''}
      {formatFen(amount)}
    </span>
  )
}
