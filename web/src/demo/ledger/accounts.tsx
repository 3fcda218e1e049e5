// Balances of the accounts, with what is only pending beside them.
import { useTranslation } from 'react-i18next'
import { formatFen, isZeroFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { useShortList } from '../show-more.tsx'
import type { Account } from '../state.ts'

const shownAtFirst = 6

export function Accounts({ accounts }: { accounts: Account[] }) {
  const { t, i18n } = useTranslation('demo')
  const list = useShortList(accounts, shownAtFirst)
  if (accounts.length === 0) return null
  return (
    <>
      <div className="sub">
        <h3>{t('ledger.accounts')}</h3>
        {list.hidden > 0 && (
          <button
            type="button"
            className="link-button"
            aria-expanded={list.all}
            onClick={list.toggle}
          >
            {list.all ? t('shop.fewer') : t('ledger.all', { n: accounts.length })}
          </button>
        )}
      </div>
      <ul className="accounts">
        {list.items.map(({ name, side, balance, pending }) => (
          <li key={`${name.en}-${side}`}>
            <span>{pick(name, i18n.language)}</span>
            <small className="num">
              {!isZeroFen(pending) && t('ledger.pending', { amount: formatFen(pending) })}
            </small>
            <em>{t(side === 'debit' ? 'ledger.debit' : 'ledger.credit')}</em>
            <b className="num">{formatFen(balance)}</b>
          </li>
        ))}
      </ul>
    </>
  )
}
