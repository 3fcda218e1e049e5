// What is paid, before anything is confirmed. The carrier puts the cost of the reply on the phone bill:
// it stands beside the price only where the price goes there too.
import { useTranslation } from 'react-i18next'
import { addFen, type Fen, formatFen } from '../fen.ts'
import { replyFee, type Source } from './checkout.ts'

export function FeeBox({ amount, source }: { amount: Fen; source: Source }) {
  const { t } = useTranslation('checkout')
  const onBill = source === 'phone_bill'
  return (
    <dl className="fees">
      <div>
        <dt>{t('goods')}</dt>
        <dd className="num">{formatFen(amount)}</dd>
      </div>
      {onBill && (
        <div>
          <dt>{t('enter.fee')}</dt>
          <dd className="num">{formatFen(replyFee)}</dd>
        </div>
      )}
      <div className="total">
        <dt>{t(`enter.${source}.total`)}</dt>
        <dd className="num">{formatFen(onBill ? addFen(amount, replyFee) : amount)}</dd>
      </div>
    </dl>
  )
}
