// Some banks tell a bill only with the card's own PIN.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardBill } from '../contract.ts'
import { useMoneyAct } from '../use-money-act.ts'
import { PinSheet } from './pin-sheet.tsx'

export function AskBank({ cardId, name }: { cardId: string; name: string }) {
  const { t } = useTranslation(['app', 'cardBill'])
  const [isAsking, ask] = useState(false)
  const money = useMoneyAct<CardBill>(`/cards/${cardId}/bill/question`)
  return (
    <section className="card panel">
      <p className="note">{t('cardBill:ask.lead')}</p>
      <button type="button" className="button button-large wide" onClick={() => ask(true)}>
        {t('cardBill:ask.act')}
      </button>
      {isAsking && (
        <PinSheet
          title={t('cardBill:ask.title')}
          about={name}
          money={money}
          body={{}}
          onlyPin
          onEnd={() => ask(false)}
        />
      )}
    </section>
  )
}
