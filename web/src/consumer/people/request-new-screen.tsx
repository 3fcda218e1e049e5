// Somebody is asked for money. Nothing moves before they agree.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { parseYuan } from '../../fen.ts'
import { isMobile } from '../../msisdn.ts'
import { AmountField, amountRange } from '../parts/amount-field.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { useMoneyAct } from '../use-money-act.ts'
import type { MoneyRequest } from './contract.ts'

export function RequestNewScreen() {
  const { t } = useTranslation('people')
  const [, go] = useLocation()
  const [number, setNumber] = useState('')
  const [typed, setTyped] = useState('')
  const [memo, setMemo] = useState('')
  const { act, send } = useMoneyAct<MoneyRequest>('/requests')
  const amount = parseYuan(typed, amountRange)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!amount.ok) return
    const said = memo.trim()
    const body = { from: number, amount: amount.fen, ...(said !== '' && { memo: said }) }
    const ended = await send(body)
    if (ended.is === 'done') go(`/people/requests/${ended.value.id}`)
  }
  return (
    <>
      <ScreenHead title={t('request.new')} back="/people/requests" />
      <form className="panel card" onSubmit={(event) => void submit(event)}>
        <NumberField label={t('request.from')} value={number} onChange={setNumber} focused />
        <AmountField value={typed} onChange={setTyped} />
        <label className="field">
          <span>{t('memo')}</span>
          <input maxLength={40} value={memo} onChange={({ target }) => setMemo(target.value)} />
        </label>
        {(act.is === 'refused' || act.is === 'lost') && <ProblemNote problem={act.problem} />}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isMobile(number) || !amount.ok || act.is === 'busy'}
          aria-busy={act.is === 'busy'}
        >
          {t('request.send')}
        </button>
        <p className="fine muted">{t('request.note')}</p>
      </form>
    </>
  )
}
