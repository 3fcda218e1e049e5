// Price, the cost of the reply, and both together, before anything is confirmed.
import { useTranslation } from 'react-i18next'
import { addFen, type Fen, formatFen } from '../fen.ts'
import { replyFee } from './checkout.ts'

export function FeeBox({ amount }: { amount: Fen }) {
  const { t } = useTranslation('checkout')
  return (
    <dl className="fees">
      <div>
        <dt>{t('goods')}</dt>
        <dd className="num">{formatFen(amount)}</dd>
      </div>
      <div>
        <dt>{t('enter.fee')}</dt>
        <dd className="num">{formatFen(replyFee)}</dd>
      </div>
      <div className="total">
        <dt>{t('enter.total')}</dt>
        <dd className="num">{formatFen(addFen(amount, replyFee))}</dd>
      </div>
    </dl>
  )
}
