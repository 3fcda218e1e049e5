// A transfer for a later day, once or again and again: to whom, how much, how often and from when; then the PIN.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '../../api.ts'
import { parseYuan } from '../../fen.ts'
import { isMobile } from '../../msisdn.ts'
import { checkoutZone, dateOf } from '../../time.ts'
import { consumerApi } from '../consumer-api.ts'
import type { Payee } from '../contract.ts'
import { AmountField, amountRange } from '../parts/amount-field.tsx'
import { Choice } from '../parts/choice.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useMoneyAct } from '../use-money-act.ts'
import type { Every, Mandate } from './contract.ts'

const everies: readonly Every[] = ['month', 'week', 'day', 'once']
const dayMs = 86_400_000

/** It is sent in the morning, so the first day that is whole is tomorrow. */
const tomorrow = () => dateOf(Date.now() + dayMs, checkoutZone)

export function StandingNewScreen() {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const [, go] = useLocation()
  const [number, setNumber] = useState('')
  const [typed, setTyped] = useState('')
  const [every, setEvery] = useState<Every>('month')
  const [startsOn, setStartsOn] = useState(tomorrow)
  const [endsOn, setEndsOn] = useState('')
  const [memo, setMemo] = useState('')
  const [payee, setPayee] = useState<Payee | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { act, tries, send, clear } = useMoneyAct<Mandate>('/mandates')
  const amount = parseYuan(typed, amountRange)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await consumerApi.post<Payee>('/payees', { number })
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setPayee(answer.value)
  }
  const give = async (proof: Proof, nameCharacter?: string) => {
    if (!amount.ok) return
    const said = memo.trim()
    const ended = await send({
      ...{ to: number, every, cap: amount.fen, amount: amount.fen, startsOn, ...proof },
      ...(every !== 'once' && endsOn !== '' && { endsOn }),
      ...(said !== '' && { memo: said }),
      ...(nameCharacter !== undefined && { nameCharacter }),
    })
    if (ended.is === 'done') go('/people/standing')
  }
  return (
    <>
      <ScreenHead title={t('standing.new')} back="/people/standing" />
      <form className="panel card" onSubmit={(event) => void submit(event)}>
        <NumberField label={t('number')} value={number} onChange={setNumber} focused />
        <AmountField value={typed} onChange={setTyped} />
        <Choice
          legend={t('standing.every')}
          values={everies.map((one) => [one, t(`standing.everies.${one}`)] as const)}
          chosen={every}
          onChoose={setEvery}
        />
        <label className="field">
          <span>{t(every === 'once' ? 'standing.date' : 'standing.starts')}</span>
          <input
            type="date"
            required
            min={tomorrow()}
            value={startsOn}
            onChange={({ target }) => setStartsOn(target.value)}
          />
        </label>
        {every !== 'once' && (
          <label className="field">
            <span>{t('standing.ends')}</span>
            <input
              type="date"
              min={startsOn}
              value={endsOn}
              onChange={({ target }) => setEndsOn(target.value)}
            />
          </label>
        )}
        <label className="field">
          <span>{t('memo')}</span>
          <input maxLength={40} value={memo} onChange={({ target }) => setMemo(target.value)} />
        </label>
        {problem && <ProblemNote problem={problem} />}
        {payee?.hasWallet === false && (
          <p className="note note-bad" role="alert">
            {t('standing.noWallet')}
          </p>
        )}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isMobile(number) || !amount.ok || startsOn === ''}
        >
          {t('standing.next')}
        </button>
        <p className="fine muted">{t('standing.note')}</p>
      </form>
      {payee?.hasWallet === true && amount.ok && (
        <ConfirmSheet
          title={t('standing.sheet')}
          to={t('standing.to', { name: payee.name ?? '', number: payee.number })}
          amount={amount.fen}
          rows={[
            [t('from'), app('source.wallet')],
            [t('standing.every'), t(`standing.everies.${every}`)],
            [t(every === 'once' ? 'standing.date' : 'standing.starts'), startsOn],
          ]}
          act={act}
          tries={tries}
          onProof={give}
          onClose={() => {
            setPayee(null)
            clear()
          }}
        />
      )}
    </>
  )
}
