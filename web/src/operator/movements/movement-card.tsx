// One movement: whose it is, how much, with which bank, since when nobody knows, and saying what was found out.
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import type { Status } from '../../status.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { type Fact, FactList } from '../../ui/fact-list.tsx'
import { Money } from '../../ui/money.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { ageOf } from '../age.ts'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import { useMay } from '../who.ts'
import type { Movement, WholeMovement } from './contract.ts'
import { ResolveForm } from './resolve-form.tsx'

type Properties = {
  api: OperatorApi
  movement: Movement
  onOpened: () => void
  onResolved: (said: string) => Promise<void>
  onReload: () => Promise<void>
}

const unknown: Status = ['unknown', '结果不明', 'Not known']

export function MovementCard({ api, movement, onOpened, onResolved, onReload }: Properties) {
  const { t } = useTranslation('operatorMovements')
  const { t: all } = useTranslation('operator')
  const mayAsk = useMay('change')
  const [whole, setWhole] = useState<WholeMovement | null>(null)
  const { problem, send } = useSend()
  const look = async () => {
    onOpened()
    const answer = await send(() => api.get<WholeMovement>(`/movements/${movement.id}`))
    if (answer.ok) setWhole(answer.value)
  }
  const lookAgain = async () => {
    await look()
    await onReload()
  }
  const facts = factsOf(movement, t, ageOf(movement.ageHours, all))
  return (
    <article className="card approval difference">
      <header className="head">
        <h3>{t(`kind.${movement.kind}`)}</h3>
        <StatusTag status={unknown} />
      </header>
      <p className="hero">
        <Money fen={movement.amount} />
      </p>
      <FactList facts={facts} />
      <Trouble problem={problem} />
      {mayAsk && whole === null && (
        <div className="row approval-actions">
          <ActionButton className="button" onAct={look}>
            {t('look')}
          </ActionButton>
        </div>
      )}
      {whole?.resolvable === true && (
        <ResolveForm
          {...{ api, onResolved, onReload }}
          movement={whole}
          onBack={() => setWhole(null)}
        />
      )}
      {whole?.resolvable === false && (
        <div className="decision">
          <p className="lead" role="status">
            {t(whole.state === 'unknown' ? 'atBank' : 'known')}
          </p>
          <div className="row approval-actions">
            <ActionButton className="button" onAct={lookAgain}>
              {t('lookAgain')}
            </ActionButton>
          </div>
        </div>
      )}
    </article>
  )
}

function factsOf(movement: Movement, t: TFunction<'operatorMovements'>, age: string): Fact[] {
  const { number, bank, last4, payee, fee, requestedAt, unknownSince, id } = movement
  const facts: (Fact | null)[] = [
    { label: t('fact.customer'), value: number },
    bank === null ? null : { label: t('fact.bank'), value: bank },
    last4 === null ? null : { label: t('fact.card'), value: last4 },
    payee === null ? null : { label: t('fact.payee'), value: payee },
    fee === '0' ? null : { label: t('fact.fee'), value: formatFen(fee) },
    { label: t('fact.requested'), value: momentOf(requestedAt) },
    unknownSince === null ? null : { label: t('fact.since'), value: momentOf(unknownSince) },
    { label: t('fact.age'), value: age },
    { label: t('fact.number'), value: id },
  ]
  return facts.filter((fact) => fact !== null)
}

const momentOf = (at: string) => dateTimeOf(Date.parse(at), checkoutZone)
