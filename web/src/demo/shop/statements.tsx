// The day's statement files.
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { ShowMore, useShortList } from '../show-more.tsx'
import type { Statement } from '../state.ts'

const shownAtFirst = 3

export function Statements({ statements }: { statements: Statement[] }) {
  const { t } = useTranslation('demo')
  const list = useShortList(
    statements.toSorted((first, second) => second.date.localeCompare(first.date)),
    shownAtFirst,
  )
  return (
    <>
      <div className="sub">
        <h3>{t('shop.statements')}</h3>
      </div>
      {statements.length === 0 && <p className="empty">{t('shop.noStatements')}</p>}
      <ul className="statements">
        {list.items.map(({ date, state, url }) => (
          <li key={date}>
            <span className="num">{date}</span>
            {state === 'ready' ? (
              <a href={url} download aria-label={t('shop.download', { date })}>
                <Icon of={Download} size={14} />
                <span className="num">{url.split('/').at(-1)}</span>
              </a>
            ) : (
              <span className="muted">{t('shop.notReady')}</span>
            )}
          </li>
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  )
}
