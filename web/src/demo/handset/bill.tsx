// What is on this line's phone bill, and what it may still pay. Both skins show the same table.
import { useTranslation } from 'react-i18next'
import { type Fen, formatFen, negateFen } from '../../fen.ts'
import { shortMomentOf } from '../../time.ts'
import { useDemo } from '../demo-context.ts'
import type { BillLine, Line } from '../state.ts'

export function Bill({ line }: { line: Line }) {
  const { t } = useTranslation('demo')
  const { now, zone } = useDemo()
  return (
    <div className="bill">
      <dl>
        {line.balance !== undefined && <Figure name={t('handset.balance')} fen={line.balance} />}
        <Figure name={t('handset.month')} fen={line.monthSpent} />
        <Figure name={t('handset.reserved')} fen={line.reserved} />
        <Figure name={t('handset.leftToday')} fen={line.leftToday} />
        <Figure name={t('handset.leftMonth')} fen={line.leftThisMonth} />
      </dl>
      {line.bill.length === 0 && <p className="muted">{t('handset.emptyBill')}</p>}
      <ul>
        {line.bill
          .toSorted((first, second) => second.at - first.at)
          .map((item) => (
            <li key={`${item.at}-${item.kind}-${item.text}-${item.amount}`}>
              <span>
                {item.text}
                <small className="num">
                  {t(`handset.kind.${item.kind}`)} · {shortMomentOf(item.at, now, zone)}
                </small>
              </span>
              <BillAmount item={item} />
            </li>
          ))}
      </ul>
    </div>
  )
}

function Figure({ name, fen }: { name: string; fen: Fen }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{formatFen(fen)}</dd>
    </div>
  )
}

/** Money out is ink with a minus, money in is green with a plus; red is never for spending. */
function BillAmount({ item: { kind, amount } }: { item: BillLine }) {
  const comesIn = kind === 'refund' || kind === 'top_up'
  return (
    <b className={comesIn ? 'num comes-in' : 'num'}>
      {comesIn ? `+${formatFen(amount)}` : formatFen(negateFen(amount))}
    </b>
  )
}
