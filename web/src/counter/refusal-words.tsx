// The codes a clerk may meet here, with the words for the customer: three at once, all on demand.
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { useCounter } from './counter-context.ts'
import type { ActKind, Told } from './views.ts'

const shownAtOnce = 3

/** Whose refusals an act meets first. */
const prefixes: Partial<Record<ActKind, string>> = {
  bind: 'BK-E',
  rebind: 'BK-E',
  unbind: 'BK-E',
  cash_in: 'WL-',
  cash_out: 'WL-',
  close: 'WL-',
}

export function RefusalWords({ kind }: { kind: ActKind }) {
  const { t, i18n } = useTranslation('counter')
  const { words } = useCounter()
  const own = words.filter(({ code }) => code.startsWith(prefixes[kind] ?? 'CT-'))
  const ours = prefixes[kind] ? own : own.filter(({ code }) => code >= 'CT-1')
  const shown = [...ours].sort((one, other) => rank(one) - rank(other))
  if (shown.length === 0) return null
  const list = (items: Told[]) => (
    <ul>
      {items.map(({ type, code, words: told }) => (
        <li key={type}>
          <code>{code}</code>
          <span>{pick(told, i18n.language)}</span>
        </li>
      ))}
    </ul>
  )
  return (
    <section className="card refusals">
      <h2>{t('refusals.title')}</h2>
      {list(shown.slice(0, shownAtOnce))}
      {shown.length > shownAtOnce && (
        <details>
          <summary>{t('refusals.all', { n: shown.length })}</summary>
          {list(shown.slice(shownAtOnce))}
        </details>
      )}
    </section>
  )
}

/** Those that our own rules give come first: they are met before a bank is asked. */
function rank({ type }: Told): number {
  const place = ['bound_elsewhere', 'over_bank_maximum', 'owner_differs'].indexOf(type)
  return place < 0 ? 9 : place
}
