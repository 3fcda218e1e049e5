// What is asked of whoever shows a payment code: how much, and what for. Their PIN is asked for on their own phone.
import { QrCode } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { parseYuan } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import { AmountField, amountRange } from '../parts/amount-field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { useMoneyAct } from '../use-money-act.ts'

export function CollectForm({ digits, onOther }: { digits: string; onOther: () => void }) {
  const { t } = useTranslation('code')
  const { t: app } = useTranslation('app')
  const [, go] = useLocation()
  const [typed, setTyped] = useState('')
  const [memo, setMemo] = useState('')
  const { act, send } = useMoneyAct<{ id: string }>('/code-requests')
  const amount = parseYuan(typed, amountRange)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!amount.ok) return
    const said = memo.trim()
    const ended = await send({
      code: digits,
      amount: amount.fen,
      ...(said !== '' && { memo: said }),
    })
    if (ended.is === 'done') go(`/people/requests/${ended.value.id}`, { replace: true })
  }
  return (
    <>
      <ScreenHead title={t('collect.title')} />
      <form className="panel card" onSubmit={(event) => void submit(event)}>
        <div className="payee">
          <span className="payee-mark" aria-hidden="true">
            <Icon of={QrCode} size={20} />
          </span>
          <span className="grow">
            <b>{t('collect.code')}</b>
            <small className="num">
              {digits.slice(0, 4)} **** **** **** {digits.slice(-2)}
            </small>
          </span>
          <button type="button" className="link-button" onClick={onOther}>
            {t('collect.other')}
          </button>
        </div>
        <AmountField value={typed} onChange={setTyped} label={t('collect.amount')} />
        <label className="field">
          <span>{t('collect.memo')}</span>
          <input maxLength={40} value={memo} onChange={({ target }) => setMemo(target.value)} />
        </label>
        {act.is === 'refused' && <ProblemNote problem={act.problem} />}
        {act.is === 'lost' && (
          <p className="problem" role="alert">
            {app('lost')}
          </p>
        )}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!amount.ok || act.is === 'busy'}
          aria-busy={act.is === 'busy'}
        >
          {t('collect.ask')}
        </button>
        <p className="fine muted">{t('collect.note')}</p>
      </form>
    </>
  )
}
