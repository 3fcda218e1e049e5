// In which order the purses are offered: the first that has enough pays. Saved with each step, for nothing is lost.
import { ArrowDown, ArrowUp, CreditCard, Smartphone, Wallet } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Me, Source } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { queryClient, useMe } from '../queries.ts'

export function SourcesScreen() {
  const { t } = useTranslation('app')
  const me = useMe()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isBusy, setBusy] = useState(false)
  const sources = me.data?.sources
  const swap = async (at: number) => {
    if (sources === undefined) return
    setBusy(true)
    const changed = swapped(sources, at)
    const answer = await consumerApi.patch<Me>('/me', { sources: changed })
    if (answer.ok) queryClient.setQueryData(['me'], answer.value)
    setProblem(answer.ok ? null : answer.problem)
    setBusy(false)
  }
  return (
    <>
      <ScreenHead title={t('sources.title')} />
      <p className="note note-lead">{t('sources.lead')}</p>
      {problem && <ProblemNote problem={problem} />}
      {me.isError && (
        <ProblemNote problem={problemIn(me.error)} onAgain={() => void me.refetch()} />
      )}
      {sources === undefined && !me.isError && <Skeleton rows={3} />}
      {sources?.length === 0 && <p className="card empty">{t('pockets.noLimits')}</p>}
      {sources !== undefined && sources.length > 0 && (
        <ol className="card list" aria-live="polite">
          {sources.map((source, at) => (
            <SourceRow key={source} source={source} place={at + 1}>
              <MoveButton
                isUp
                isOff={isBusy || at === 0}
                source={source}
                onMove={() => void swap(at - 1)}
              />
              <MoveButton
                isOff={isBusy || at === sources.length - 1}
                source={source}
                onMove={() => void swap(at)}
              />
            </SourceRow>
          ))}
        </ol>
      )}
    </>
  )
}

type RowProperties = { source: Source; place: number; children: ReactNode }

function SourceRow({ source, place, children }: RowProperties) {
  const { t } = useTranslation('app')
  return (
    <li className="entry">
      <span className="muted num">{place}</span>
      <span className="entry-icon entry-icon-plum">
        <Icon of={icons[source]} size={20} />
      </span>
      <span className="grow">
        <span className="entry-title">{t(`sources.${source}`)}</span>
      </span>
      {children}
    </li>
  )
}

type MoveProperties = { source: Source; isUp?: true; isOff: boolean; onMove: () => void }

function MoveButton({ source, isUp, isOff, onMove }: MoveProperties) {
  const { t } = useTranslation('app')
  const name = t(isUp ? 'sources.up' : 'sources.down', { source: t(`sources.${source}`) })
  return (
    <button
      type="button"
      className="head-button"
      aria-label={name}
      disabled={isOff}
      onClick={onMove}
    >
      <Icon of={isUp ? ArrowUp : ArrowDown} size={20} />
    </button>
  )
}

const icons = { wallet: Wallet, card: CreditCard, phone_bill: Smartphone } as const

/** With the one at `at` and the one after it in each other's place. */
function swapped(sources: readonly Source[], at: number): Source[] {
  const [first, second] = sources.slice(at, at + 2)
  if (first === undefined || second === undefined) return [...sources]
  return [...sources.slice(0, at), second, first, ...sources.slice(at + 2)]
}
