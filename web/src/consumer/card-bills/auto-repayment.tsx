// Whether a bill is repaid by itself: ordered with the PIN, taken back without.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { consumerApi } from '../consumer-api.ts'
import type { AutoAmount } from '../contract.ts'
import { moneyMoved } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'
import { PinSheet } from './pin-sheet.tsx'

const choices = ['off', 'full', 'minimum'] as const

type Properties = { cardId: string; name: string; auto: AutoAmount | null }

export function AutoRepayment({ cardId, name, auto }: Properties) {
  const { t } = useTranslation(['app', 'cardBill'])
  const [wanted, want] = useState<AutoAmount | null>(null)
  const path = `/cards/${cardId}/auto-repayment`
  const money = useMoneyAct<null>(path, { method: 'put' })
  const choose = async (choice: (typeof choices)[number]) => {
    if (choice !== 'off') return want(choice)
    await consumerApi.remove(path)
    moneyMoved()
  }
  return (
    <section className="card panel">
      <fieldset className="choices">
        <legend>{t('cardBill:auto.title')}</legend>
        {choices.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="auto"
              checked={(auto ?? 'off') === choice}
              onChange={() => void choose(choice)}
            />
            <span>{t(`cardBill:auto.${choice}`)}</span>
          </label>
        ))}
      </fieldset>
      <p className="note">{t('cardBill:auto.lead')}</p>
      {wanted && (
        <PinSheet
          title={t('cardBill:auto.sheet')}
          about={`${name} · ${t(`cardBill:auto.${wanted}`)}`}
          money={money}
          body={{ amount: wanted }}
          onEnd={() => want(null)}
        />
      )}
    </section>
  )
}
