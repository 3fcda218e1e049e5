// What the one who began a bill can do while it is open: remind, and end it.
import { BellRing } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Problem } from '../../api.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { moneyMoved } from '../queries.ts'
import type { Split } from './contract.ts'

export function SplitOwner({ split: { id, state, shares } }: { split: Split }) {
  const { t } = useTranslation('people')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [reminded, setReminded] = useState<number | null>(null)
  const [isAsking, ask] = useState(false)
  if (state !== 'open') return null
  const owing = shares.filter(({ isPayable }) => isPayable).length
  const after = (answer: Answer<unknown>) => {
    setProblem(answer.ok ? null : answer.problem)
    moneyMoved()
  }
  const remind = async () => {
    const answer = await consumerApi.post<{ reminded: number }>(`/splits/${id}/remind`)
    if (answer.ok) setReminded(answer.value.reminded)
    after(answer)
  }
  const stop = async () => after(await consumerApi.post(`/splits/${id}/stop`))
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div className="two">
        <button type="button" className="button button-large" onClick={() => ask(true)}>
          {t('split.stop')}
        </button>
        <ActionButton
          className="button button-primary button-large"
          disabled={owing === 0}
          onAct={remind}
        >
          <Icon of={BellRing} size={20} />
          {t('split.remind', { n: owing })}
        </ActionButton>
      </div>
      <p className="fine muted" role="status">
        {reminded === null ? t('split.fine') : t('split.reminded', { n: reminded })}
      </p>
      {isAsking && (
        <ConfirmDialog
          title={t('split.stopAsk')}
          text={t('split.stopText')}
          action={t('split.stop')}
          danger
          onConfirm={() => void stop()}
          onClose={() => ask(false)}
        />
      )}
    </>
  )
}
