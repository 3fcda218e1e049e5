// Cash over the desk. Nothing goes without a till, and the amount is asked back before it moves.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CashForm } from './cash-form.tsx'
import { useCounter } from './counter-context.ts'

const ways = ['cash_in', 'cash_out'] as const

export function CashScreen() {
  const { t } = useTranslation('counter')
  const { session, atDesk, show } = useCounter()
  const [way, setWay] = useState<(typeof ways)[number]>('cash_in')
  if (!session.till) {
    return (
      <section className="card empty-page">
        <p>{t('cash.noTill')}</p>
        <button type="button" className="button button-primary" onClick={() => show('till')}>
          {t('cash.openTill')}
        </button>
      </section>
    )
  }
  if (atDesk.view?.wallet?.state !== 'open') {
    return (
      <section className="card empty-page">
        <p>{t('cash.noWallet')}</p>
        <button type="button" className="button button-primary" onClick={() => show('open')}>
          {t('cash.openWallet')}
        </button>
      </section>
    )
  }
  return (
    <>
      <fieldset className="ways">
        <legend className="visually-hidden">{t('cash.way')}</legend>
        {ways.map((one) => (
          <label key={one} data-chosen={one === way}>
            <input type="radio" name="way" checked={one === way} onChange={() => setWay(one)} />
            {t(`kinds.${one}`)}
          </label>
        ))}
      </fieldset>
      <CashForm key={way} way={way} till={session.till} wallet={atDesk.view.wallet} />
    </>
  )
}
