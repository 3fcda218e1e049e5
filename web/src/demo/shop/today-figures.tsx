// What today would settle to. Unknown charges are left out and named, never guessed.
import { useTranslation } from 'react-i18next'
import { type Fen, formatFen, isZeroFen, negateFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import type { Merchant } from '../state.ts'

export function TodayFigures({ merchant: { today, name } }: { merchant: Merchant }) {
  const { t, i18n } = useTranslation('demo')
  const merchant = pick(name, i18n.language)
  return (
    <>
      <div className="sub">
        <h3>{t('shop.today')}</h3>
      </div>
      <dl className="figures">
        <Figure name={t('shop.count', { n: today.count })} fen={today.gross} />
        <Figure name={t('shop.refunds')} fen={minus(today.refunds)} />
        <Figure name={t('shop.carrierShare')} fen={minus(today.carrierShare)} />
        <Figure name={t('shop.platformFee')} fen={minus(today.platformFee)} />
        <div className="total">
          <dt>{t('shop.net', { merchant })}</dt>
          <dd className="num">{formatFen(today.net)}</dd>
        </div>
      </dl>
      {today.unknownCount > 0 && (
        <p className="unknown-note">
          {t('shop.unknown', { n: today.unknownCount, amount: formatFen(today.unknownAmount) })}
        </p>
      )}
    </>
  )
}

function minus(fen: Fen): Fen {
  return isZeroFen(fen) ? fen : negateFen(fen)
}

function Figure({ name, fen }: { name: string; fen: Fen }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{formatFen(fen)}</dd>
    </div>
  )
}
