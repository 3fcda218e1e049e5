// One amount in or out, with what the till and the wallet have before and after.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addFen, type Fen, formatFen, negateFen } from '../fen.ts'
import { Field } from '../ui/field.tsx'
import { ActFrame, type Gap, useTried } from './act-frame.tsx'
import { cashOf, isAbove } from './cash.ts'
import { useCounter } from './counter-context.ts'
import { DocumentFields, documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { PinCells, pinLength } from './pin-cells.tsx'
import { ReasonField } from './reason-field.tsx'
import { SecondPersonNote } from './second-person-note.tsx'
import { Step } from './step.tsx'
import { type OwnerCheck, useOwnerCheck } from './use-owner-check.ts'
import { type Pin, usePin } from './use-pin.ts'
import type { TillView } from './views.ts'

type Properties = {
  way: 'cash_in' | 'cash_out'
  till: TillView
  wallet: { balance: Fen }
}

export function CashForm({ way, till, wallet }: Properties) {
  const { t } = useTranslation('counter')
  const { session, atDesk } = useCounter()
  const { view, msisdn, document } = atDesk
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const owner = useOwnerCheck(document)
  const pin = usePin()
  const isOut = way === 'cash_out'
  const parsed = cashOf(typed)
  const amount = parsed.ok ? parsed.fen : null
  const freeInTill = addFen(till.balance, negateFen(till.held))
  const short = isOut && amount !== null ? shortOf(amount, freeInTill, wallet.balance) : null
  const change = amount === null || short ? null : isOut ? negateFen(amount) : amount
  const needsSecond = amount !== null && isAbove(amount, session.cashApprovalAbove)
  const reasonGap: Gap[] = needsSecond ? [{ id: 'reason', missing: reason.trim() === '' }] : []
  const gaps: Gap[] = [
    { id: 'amount', missing: amount === null || short !== null },
    ...(isOut
      ? [...documentGaps(document, owner), { id: 'wallet-pin', missing: pin.typed < pinLength }]
      : []),
    ...reasonGap,
  ]
  return (
    <ActFrame
      kind={way}
      facts={[
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? '' },
        { label: t('fact.amount'), value: amount === null ? '' : formatFen(amount) },
        ...(needsSecond ? [{ label: t('fact.reason'), value: reason }] : []),
      ]}
      gaps={gaps}
      question={{
        text: t(`question.${way}`, {
          number: view?.msisdn ?? '',
          name: view?.owner?.maskedName ?? '',
        }),
        ...(amount === null ? {} : { amount }),
      }}
      ask={() => ({
        path: isOut ? '/acts/cash-out' : '/acts/cash-in',
        body: {
          msisdn,
          amount,
          reason: needsSecond ? reason.trim() : null,
          ...(isOut ? { owner: ownerBody(document) } : {}),
        },
        ...(isOut ? { secrets: { walletPin: pin.take() } } : {}),
      })}
    >
      <Step
        number={1}
        title={t('cash.amount')}
        {...(needsSecond ? { end: <SecondPersonNote /> } : {})}
      >
        <AmountField typed={typed} onTyped={setTyped} short={short} wrong={!parsed.ok} />
        <BeforeAndAfter
          rows={[
            { name: 'wallet', before: wallet.balance, change },
            { name: 'till', before: till.balance, change },
          ]}
        />
        {needsSecond && <ReasonField value={reason} onChange={setReason} />}
      </Step>
      {isOut && <ProofStep owner={owner} pin={pin} />}
    </ActFrame>
  )
}

function ProofStep({ owner, pin }: { owner: OwnerCheck; pin: Pin }) {
  const { t } = useTranslation('counter')
  const tried = useTried()
  return (
    <Step number={2} title={t('cash.proof')}>
      <div className="single">
        <DocumentFields check={owner} />
      </div>
      <PinCells
        id="wallet-pin"
        pin={pin}
        label={t('cash.pin')}
        hint={t('card.pinHint')}
        complaint={tried && pin.typed < pinLength ? t('cash.pinMissing') : ''}
      />
    </Step>
  )
}

type Short = 'till' | 'wallet' | null

function shortOf(amount: Fen, inTill: Fen, inWallet: Fen): Short {
  if (isAbove(amount, inWallet)) return 'wallet'
  return isAbove(amount, inTill) ? 'till' : null
}

type AmountProperties = {
  typed: string
  onTyped: (typed: string) => void
  short: Short
  wrong: boolean
}

function AmountField({ typed, onTyped, short, wrong }: AmountProperties) {
  const { t } = useTranslation('counter')
  const tried = useTried()
  const complaint = short ? t(`cash.short_${short}`) : tried && wrong ? t('cash.amountWrong') : ''
  return (
    <div className="single amount-field">
      <Field
        id="amount"
        label={t('cash.amountLabel')}
        hint={t('cash.amountHint')}
        complaint={complaint}
        inputMode="decimal"
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
      />
    </div>
  )
}

type Row = { name: 'wallet' | 'till'; before: Fen; change: Fen | null }

function BeforeAndAfter({ rows }: { rows: Row[] }) {
  const { t } = useTranslation('counter')
  return (
    <table className="before-after">
      <thead>
        <tr>
          <th scope="col">{t('cash.unit')}</th>
          <th scope="col">{t('cash.before')}</th>
          <th scope="col">{t('cash.after')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, before, change }) => (
          <tr key={name}>
            <th scope="row">{t(`cash.${name}`)}</th>
            <td className="num">{formatFen(before)}</td>
            <td className="num">{change === null ? '—' : formatFen(addFen(before, change))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
