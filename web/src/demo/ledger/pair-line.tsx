// One pair: debit, amount, credit. Dashed is pending, solid is posted, struck is void; the form is also said in words.
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import type { Pair } from '../state.ts'

const words = {
  pending: 'ledger.pairPending',
  posted: 'ledger.pairPosted',
  void: 'ledger.pairVoid',
} as const

export function PairLine({ pair: { debit, credit, amount, form } }: { pair: Pair }) {
  const { t, i18n } = useTranslation('demo')
  return (
    <li className={`pair pair-${form}`}>
      <div className="leg debit">
        <small>{t('ledger.debit')}</small>
        <span>{pick(debit, i18n.language)}</span>
      </div>
      <div className="flow num">
        <i />
        {formatFen(amount)}
        <span className="visually-hidden">{t(words[form])}</span>
        <i />
      </div>
      <div className="leg credit">
        <small>{t('ledger.credit')}</small>
        <span>{pick(credit, i18n.language)}</span>
      </div>
    </li>
  )
}
