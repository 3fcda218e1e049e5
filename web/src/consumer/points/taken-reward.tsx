// A reward that was taken: given back while nobody has looked at its code, or the code, which is final.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { formatPoints } from '../../format-points.ts'
import { pick } from '../../names.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import type { Redemption } from './contract.ts'
import { pointsChanged } from './points-queries.ts'

export function TakenReward({ redemption }: { redemption: Redemption }) {
  const { t, i18n } = useTranslation('points')
  const [state, setState] = useState(redemption.state)
  const [code, setCode] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const path = `/points/redemptions/${redemption.id}`
  const show = async () => {
    const answer = await consumerApi.post<{ code: string }>(`${path}/code`)
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) {
      setCode(answer.value.code)
      setState('shown')
    }
    pointsChanged()
  }
  const giveBack = async () => {
    const answer = await consumerApi.post<Redemption>(`${path}/cancel`)
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setState(answer.value.state)
    pointsChanged()
  }
  return (
    <div className="points-sheet" aria-live="polite">
      <p className="sheet-to">{pick(redemption.reward.name, i18n.language)}</p>
      {code !== null && (
        <>
          <p className="points-code">
            <small>{t('taken.code')}</small>
            <span className="num">{code}</span>
          </p>
          <p className="note">{t('taken.keep')}</p>
        </>
      )}
      {state === 'cancelled' && (
        <p>{t('taken.cancelled', { points: formatPoints(redemption.points) })}</p>
      )}
      {state === 'taken' && <p className="note">{t('taken.note')}</p>}
      {problem && <ProblemNote problem={problem} />}
      {state !== 'cancelled' && code === null && (
        <ActionButton className="button button-primary button-large wide" onAct={show}>
          {t('taken.show')}
        </ActionButton>
      )}
      {state === 'taken' && (
        <ActionButton className="button button-large wide" onAct={giveBack}>
          {t('taken.back')}
        </ActionButton>
      )}
    </div>
  )
}
