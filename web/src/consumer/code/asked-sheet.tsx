// A till waits for this: the PIN, or no.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isLost, type Problem } from '../../api.ts'
import { pick } from '../../names.ts'
import { Money } from '../../ui/money.tsx'
import { consumerApi } from '../consumer-api.ts'
import { PinPad } from '../parts/pin-pad.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { moneyMoved } from '../queries.ts'
import type { Payment } from './contract.ts'

type Properties = { payment: Payment; onAnswered: () => void; onClose: () => void }

export function AskedSheet({ payment, onAnswered, onClose }: Properties) {
  const { t, i18n } = useTranslation('code')
  const words = useTranslation('app').t
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [tries, setTries] = useState(0)
  const { id, amount, merchant, source, last4 } = payment
  const answer = async (act: 'approve' | 'decline', body: object) => {
    setBusy(true)
    const said = await consumerApi.post(`/payments/${id}/${act}`, body)
    setBusy(false)
    setTries((before) => before + 1)
    setProblem(said.ok ? null : said.problem)
    moneyMoved()
    if (said.ok) onAnswered()
  }
  return (
    <Sheet title={t('asked.title')} locked={isBusy} onClose={onClose}>
      <p className="sheet-to">{t('pay.to', { name: pick(merchant, i18n.language) })}</p>
      <p className="hero">
        <Money fen={amount} />
      </p>
      <dl className="facts">
        <div>
          <dt>{t('pay.source')}</dt>
          <dd>
            {t(`source.${source}`)} {last4}
          </dd>
        </div>
      </dl>
      {problem &&
        (isLost(problem) ? (
          <p className="problem">{words('lost')}</p>
        ) : (
          <ProblemNote problem={problem} />
        ))}
      <PinPad
        label={words(isBusy ? 'pin.busy' : 'pin.enter')}
        disabled={isBusy}
        round={tries}
        onPin={(pin) => void answer('approve', { pin })}
      />
      <button
        type="button"
        className="button button-large wide sheet-no"
        disabled={isBusy}
        onClick={() => void answer('decline', {})}
      >
        {t('asked.no')}
      </button>
    </Sheet>
  )
}
