// A red packet is filled: how much, in how many parts, and whether luck decides; then the PIN.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { type Fen, formatFen, parseYuan } from '../../fen.ts'
import { isMobile } from '../../msisdn.ts'
import { AmountField, amountRange, isMoreThan } from '../parts/amount-field.tsx'
import { Choice } from '../parts/choice.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { OverNote } from '../parts/over-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useBalance } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'
import type { Packet } from './contract.ts'

type Kind = Packet['kind']

const partsMax = 100
/** Of one part, in fen. */
const partMax = 200_00n

export function PacketNewScreen() {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const [, go] = useLocation()
  const balance = useBalance()
  const [kind, setKind] = useState<Kind>('lucky')
  const [typed, setTyped] = useState('')
  const [count, setCount] = useState('')
  const [only, setOnly] = useState('')
  const [greeting, setGreeting] = useState('')
  const [isConfirming, confirm] = useState(false)
  const countId = useId()
  const { act, tries, send, clear } = useMoneyAct<Packet>('/packets')

  const total = totalOf(kind, typed, count)
  const available = balance.data?.available
  const isRight = total !== null && !isMoreThan(available, total) && (only === '' || isMobile(only))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isRight) confirm(true)
  }
  const pay = async (proof: Proof) => {
    const said = greeting.trim()
    const ended = await send({
      ...{ kind, amount: total, count: Number(count), ...proof },
      ...(only !== '' && { onlyFor: only }),
      ...(said !== '' && { greeting: said }),
    })
    if (ended.is === 'done') go(`/people/packets/${ended.value.id}`)
  }
  return (
    <>
      <ScreenHead title={t('packet.new')} back="/people/packets" />
      <form className="panel card" onSubmit={submit}>
        <Choice
          legend={t('packet.kind')}
          values={[
            ['lucky', t('packet.kinds.lucky')],
            ['fixed', t('packet.kinds.fixed')],
          ]}
          chosen={kind}
          onChoose={setKind}
        />
        <AmountField
          label={t(kind === 'lucky' ? 'packet.total' : 'packet.each')}
          value={typed}
          onChange={setTyped}
          available={available}
        />
        <label className="field" htmlFor={countId}>
          <span>{t('packet.count')}</span>
          <input
            id={countId}
            className="num"
            inputMode="numeric"
            autoComplete="off"
            placeholder="5"
            maxLength={3}
            value={count}
            onChange={({ target }) => setCount(target.value.normalize('NFKC').replace(/\D/g, ''))}
          />
        </label>
        <NumberField label={t('packet.only')} value={only} onChange={setOnly} />
        <label className="field">
          <span>{t('packet.greeting')}</span>
          <input
            maxLength={40}
            placeholder={t('packet.hint')}
            value={greeting}
            onChange={({ target }) => setGreeting(target.value)}
          />
        </label>
        <p className="packet-sum" role="status">
          {total === null ? t('packet.range') : t('packet.sum', { amount: formatFen(total) })}
        </p>
        {kind === 'fixed' && total !== null && <OverNote available={available} amount={total} />}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isRight}
        >
          {t('packet.next')}
        </button>
        <p className="fine muted">{t('packet.fine')}</p>
      </form>
      {isConfirming && total !== null && (
        <ConfirmSheet
          title={t('packet.sheet')}
          to={t('packet.to', { count })}
          amount={total}
          rows={[[t('from'), app('source.wallet')]]}
          act={act}
          tries={tries}
          onProof={pay}
          onClose={() => {
            confirm(false)
            clear()
          }}
        />
      )}
    </>
  )
}

/** Of all parts; null while it is none that may be sent. */
function totalOf(kind: Kind, typed: string, count: string): Fen | null {
  const amount = parseYuan(typed, amountRange)
  const parts = Number(count)
  if (!amount.ok || !Number.isInteger(parts) || parts < 1 || parts > partsMax) return null
  const total = BigInt(amount.fen) * (kind === 'fixed' ? BigInt(parts) : 1n)
  const isIn = total >= BigInt(parts) && total <= partMax * BigInt(parts)
  return isIn ? total.toString() : null
}
