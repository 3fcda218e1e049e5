// One difference: what each side says, how old it is, and what may be done about it now.
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import type { Status } from '../status.ts'
import { type Fact, FactList } from '../ui/fact-list.tsx'
import { Money } from '../ui/money.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { ageOf } from './age.ts'
import { AskForm } from './ask-form.tsx'
import type { Act, ActKind, Difference } from './contract.ts'
import type { OperatorApi } from './operator-api.ts'
import { WaitingAct } from './waiting-act.tsx'
import { useMay } from './who.ts'
import { operatorEn } from './words-en.ts'
import { operatorZh } from './words-zh.ts'

type Properties = {
  api: OperatorApi
  difference: Difference
  waiting: Act | undefined
  onChanged: () => Promise<void>
}

export function DifferenceCard({ api, difference, waiting, onChanged }: Properties) {
  const { t } = useTranslation('operator')
  const [chosen, choose] = useState<ActKind | null>(null)
  const mayAsk = useMay('change')
  const { party, kind, amount, acts } = difference
  return (
    <article className="card approval difference">
      <header className="head">
        <h3>{t(`kind.${kind}`)}</h3>
        <StatusTag status={statusOf(difference, waiting)} />
      </header>
      {amount !== null && (
        <p className="hero">
          <Money fen={amount} />
        </p>
      )}
      <FactList facts={factsOf(difference, t)} />
      {waiting && <WaitingAct api={api} party={party} act={waiting} onDecided={onChanged} />}
      {mayAsk && !waiting && chosen === null && acts.length > 0 && (
        <div className="row approval-actions">
          {acts.map((act) => (
            <button key={act} type="button" className="button" onClick={() => choose(act)}>
              {t(`act.${act}`)}
            </button>
          ))}
        </div>
      )}
      {!waiting && chosen !== null && (
        <AskForm
          api={api}
          difference={difference}
          kind={chosen}
          onAsked={onChanged}
          onBack={() => choose(null)}
        />
      )}
    </article>
  )
}

function statusOf({ resolution, overdue }: Difference, waiting: Act | undefined): Status {
  const said = (tone: Status[0], word: keyof typeof operatorZh.status): Status => [
    tone,
    operatorZh.status[word],
    operatorEn.status[word],
  ]
  if (resolution !== null) return said('done', 'resolved')
  if (waiting) return said('held', 'waiting')
  return overdue ? said('bad', 'overdue') : said('wait', 'open')
}

export function factsOf(one: Difference, t: TFunction<'operator'>): Fact[] {
  const { receiptNo, billState, resolution } = one
  const facts: (Fact | null)[] = [
    { label: t('fact.name'), value: one.name },
    { label: t('fact.day'), value: one.day },
    { label: t('fact.ours'), value: saidOf(one, one.ours, t) },
    { label: t('fact.theirs'), value: saidOf(one, one.theirs, t) },
    billState === null ? null : { label: t('fact.bill'), value: billWord(billState, t) },
    { label: t('fact.number'), value: one.number },
    receiptNo === null ? null : { label: t('fact.receipt'), value: receiptNo },
    { label: t('fact.age'), value: ageOf(one.ageHours, t) },
    resolution === null
      ? { label: t('fact.due'), value: one.dueOn }
      : { label: t('fact.resolution'), value: t(`act.${resolution}`) },
  ]
  return facts.filter((fact) => fact !== null)
}

/** Billers and we say amounts of fen, or how a bill stands; banks say words of their own. */
function saidOf({ party }: Difference, said: string | null, t: TFunction<'operator'>): string {
  if (said === null) return t('fact.nothing')
  if (party === 'bank') return said
  return /^\d+$/.test(said) ? formatFen(said) : billWord(said, t)
}

type BillState = keyof typeof operatorZh.bill
const isBillState = (state: string): state is BillState => Object.hasOwn(operatorZh.bill, state)
const billWord = (state: string, t: TFunction<'operator'>) =>
  isBillState(state) ? t(`bill.${state}`) : state
