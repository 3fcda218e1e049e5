// A bill that the bank does not tell, as it stands on paper.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { parseYuan } from '../../fen.ts'
import { consumerApi } from '../consumer-api.ts'
import type { CardBill } from '../contract.ts'
import { AmountField, amountRange } from '../parts/amount-field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { moneyMoved } from '../queries.ts'

const days = ['billedOn', 'dueOn'] as const

export function EnterBill({ cardId }: { cardId: string }) {
  const { t } = useTranslation(['app', 'cardBill'])
  const [dates, setDates] = useState({ billedOn: '', dueOn: '' })
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const amount = parseYuan(typed, amountRange)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (!amount.ok) return
    const body = { ...dates, amount: amount.fen }
    const answer = await consumerApi.put<CardBill>(`/cards/${cardId}/bill`, body)
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) moneyMoved()
  }
  return (
    <details className="card panel">
      <summary>{t('cardBill:enter.title')}</summary>
      <form onSubmit={(event) => void save(event)}>
        {days.map((day) => (
          <label key={day} className="field">
            <span>{t(`cardBill:enter.${day}`)}</span>
            <input
              type="date"
              value={dates[day]}
              onChange={({ target }) => setDates({ ...dates, [day]: target.value })}
            />
          </label>
        ))}
        <AmountField value={typed} onChange={setTyped} />
        {problem && <ProblemNote problem={problem} />}
        <button
          type="submit"
          className="button button-large wide"
          disabled={!amount.ok || dates.billedOn === '' || dates.dueOn === ''}
        >
          {t('cardBill:enter.save')}
        </button>
      </form>
    </details>
  )
}
