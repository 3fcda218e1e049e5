// The others: added one by one by their numbers, each with the name that one may see of them.
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { digitsOf, isMobile } from '../../msisdn.ts'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Payee } from '../contract.ts'
import { NumberField } from '../parts/number-field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

/** The server masks the number it was asked about; a bill needs it whole. */
export type Person = { digits: string; number: string; name: string | null }

export const peopleMax = 99

type Properties = { people: readonly Person[]; onChange: (people: readonly Person[]) => void }

export function PeopleField({ people, onChange }: Properties) {
  const { t } = useTranslation('people')
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const digits = digitsOf(typed)
  const isThere = people.some((one) => one.digits === digits)
  const canAdd = isMobile(digits) && !isThere && people.length < peopleMax
  const add = async () => {
    if (!canAdd) return
    const answer = await consumerApi.post<Payee>('/payees', { number: digits })
    setProblem(answer.ok ? null : answer.problem)
    if (!answer.ok) return
    onChange([...people, { digits, number: answer.value.number, name: answer.value.name }])
    setTyped('')
  }
  return (
    <fieldset className="people">
      <legend>{t('split.people')}</legend>
      <ul>
        {people.map(({ digits: one, number, name }) => (
          <li key={one}>
            <span className="payee-mark" aria-hidden="true">
              {(name ?? number).slice(-1)}
            </span>
            <span className="grow">
              <b>{name ?? number}</b>
              {name !== null && <small className="num">{number}</small>}
            </span>
            <button
              type="button"
              className="head-button"
              aria-label={t('split.remove', { number })}
              onClick={() => onChange(people.filter((other) => other.digits !== one))}
            >
              <Icon of={X} size={18} />
            </button>
          </li>
        ))}
      </ul>
      <div className="people-add">
        <NumberField label={t('number')} value={typed} onChange={setTyped} />
        <button type="button" className="button" disabled={!canAdd} onClick={() => void add()}>
          <Icon of={Plus} />
          {t('split.add')}
        </button>
      </div>
      {problem && <ProblemNote problem={problem} />}
    </fieldset>
  )
}
