// A merchant whose buyer names the amount: checked here to be kind, checked again by the server to be right.
import { BookOpen } from 'lucide-react'
import { useId, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { type AmountRange, formatFen, parseYuan } from '../../fen.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Merchant } from '../state.ts'
import { BlockedNote } from './blocked-note.tsx'
import { useCheckout } from './use-checkout.ts'

const complaints = {
  not_an_amount: 'shop.notAnAmount',
  out_of_range: 'shop.outOfRange',
  off_step: 'shop.offStep',
} as const

export function OpenAmount({ merchant, range }: { merchant: Merchant; range: AmountRange }) {
  const { t } = useTranslation('demo')
  const id = useId()
  const { buy, blockedUrl } = useCheckout()
  const [typed, setTyped] = useState('')
  const [complained, setComplained] = useState(false)
  const words = {
    min: formatFen(range.min),
    max: formatFen(range.max),
    step: formatFen(range.step),
  }
  const amount = parseYuan(typed, range)
  const complaint = complained && !amount.ok ? t(complaints[amount.reason], words) : ''
  const submit = async () => {
    setComplained(true)
    if (amount.ok) await buy({ merchantId: merchant.id, amount: amount.fen })
  }
  return (
    <div className="open-amount">
      <div className="row">
        <span className="picture">
          <Icon of={BookOpen} size={22} />
        </span>
        <div className="grow">
          <b>{t('shop.open')}</b>
          <small>
            <Trans
              t={t}
              i18nKey="shop.sendAmount"
              values={{ number: merchant.number }}
              components={{ key: <kbd />, number: <span className="num" /> }}
            />
          </small>
        </div>
      </div>
      <label htmlFor={id}>{t('shop.amount')}</label>
      <div className="row">
        <input
          id={id}
          className="num grow"
          inputMode="decimal"
          autoComplete="off"
          maxLength={12}
          aria-describedby={`${id}-range`}
          aria-invalid={complaint !== ''}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) void submit()
          }}
        />
        <ActionButton className="button button-primary" onAct={submit}>
          {t('shop.buy')}
        </ActionButton>
      </div>
      <small id={`${id}-range`} aria-live="polite" className={complaint ? 'complaint' : 'muted'}>
        {complaint || t('shop.range', words)}
      </small>
      {blockedUrl && <BlockedNote url={blockedUrl} />}
    </div>
  )
}
