// The statement: by month, kind and words, day by day, with what each day took and brought; and as a file.
import { Search } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addFen, formatFen, negateFen } from '../../fen.ts'
import { checkoutZone, dateOf } from '../../time.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Line } from '../contract.ts'
import { dayName } from '../moment.ts'
import { AsOf } from '../parts/as-of.tsx'
import { FileMenu } from '../parts/file-menu.tsx'
import { LineRow } from '../parts/line-row.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { type LineGroup, lineGroups, lineQuery, useLines } from '../queries.ts'
import { useDebounced } from '../use-debounced.ts'

const thisMonth = () => dateOf(Date.now(), checkoutZone).slice(0, 7)
const groups = Object.keys(lineGroups) as LineGroup[]

export function StatementScreen() {
  const { t } = useTranslation('app')
  const [kind, setKind] = useState<LineGroup>('all')
  const [month, setMonth] = useState(thisMonth)
  const [isSearching, search] = useState(false)
  const [text, setText] = useState('')
  const filter = { kind, month, text: useDebounced(text.trim(), 300) }
  const lines = useLines(filter)
  const items = lines.data?.pages.flatMap((page) => page.items)
  const monthId = useId()
  return (
    <>
      <ScreenHead title={t('statement.title')}>
        <button
          type="button"
          className="head-button"
          aria-label={t('statement.search')}
          aria-expanded={isSearching}
          onClick={() => search(!isSearching)}
        >
          <Icon of={Search} size={20} />
        </button>
        <FileMenu query={lineQuery(filter)} />
      </ScreenHead>
      <div className="month-line">
        <label htmlFor={monthId} className="visually-hidden">
          {t('statement.month')}
        </label>
        <input
          id={monthId}
          type="month"
          value={month}
          max={thisMonth()}
          onChange={({ target }) => setMonth(target.value || thisMonth())}
        />
        {items && <Sums items={items} isWhole={!lines.hasNextPage} />}
      </div>
      {isSearching && (
        <input
          className="search"
          type="search"
          placeholder={t('statement.words')}
          aria-label={t('statement.words')}
          value={text}
          ref={(input) => input?.focus()}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      <fieldset className="chips">
        <legend className="visually-hidden">{t('statement.kind')}</legend>
        {groups.map((group) => (
          <button
            key={group}
            type="button"
            aria-pressed={group === kind}
            onClick={() => setKind(group)}
          >
            {t(`statement.groups.${group}`)}
          </button>
        ))}
      </fieldset>
      {lines.isError && (
        <ProblemNote problem={problemIn(lines.error)} onAgain={() => void lines.refetch()} />
      )}
      <AsOf of={[lines]} word="statement.asOf" />
      {items === undefined && !lines.isError && <Skeleton rows={6} />}
      {items?.length === 0 && <p className="card empty">{t('statement.empty')}</p>}
      {items && <Days items={items} />}
      {lines.hasNextPage && (
        <button
          type="button"
          className="button more"
          disabled={lines.isFetchingNextPage}
          onClick={() => void lines.fetchNextPage()}
        >
          {t('statement.more')}
        </button>
      )}
    </>
  )
}

/** Only once all of it is here. */
function Sums({ items, isWhole }: { items: readonly Line[]; isWhole: boolean }) {
  const { t } = useTranslation('app')
  if (!isWhole) return null
  const sum = (wanted: (amount: bigint) => boolean) =>
    items
      .filter(({ amount }) => wanted(BigInt(amount)))
      .reduce((total, { amount }) => addFen(total, amount), '0')
  return (
    <span className="sums num">
      <span>
        <small>{t('statement.out')}</small> {formatFen(negateFen(sum((amount) => amount < 0n)))}
      </span>
      <span>
        <small>{t('statement.in')}</small>{' '}
        <span className="come-in">{formatFen(sum((amount) => amount > 0n))}</span>
      </span>
    </span>
  )
}

function Days({ items }: { items: readonly Line[] }) {
  const { t } = useTranslation('app')
  return [...byDay(items)].map(([date, lines]) => (
    <section key={date} aria-label={dayName(date, Date.now(), t)}>
      <h2 className="day">{dayName(date, Date.now(), t)}</h2>
      <div className="card list">
        {lines.map((line) => (
          <LineRow key={line.id} line={line} />
        ))}
      </div>
    </section>
  ))
}

function byDay(items: readonly Line[]): Map<string, Line[]> {
  const days = new Map<string, Line[]>()
  for (const line of items) {
    const date = dateOf(Date.parse(line.at), checkoutZone)
    const day = days.get(date)
    if (day) day.push(line)
    else days.set(date, [line])
  }
  return days
}
