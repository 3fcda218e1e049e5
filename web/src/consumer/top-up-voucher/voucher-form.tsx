// A top-up voucher: its code typed, pasted or scanned, and then what it brought. No PIN, for nothing leaves the wallet.
import { type FormEvent, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fen } from '../../fen.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { Camera } from '../code/camera.tsx'
import '../code/add-words.ts'
import { focusFirst } from '../parts/focus-first.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Facts, Ticket } from '../parts/ticket.tsx'
import { useMoneyAct } from '../use-money-act.ts'
import { codeIn, codeLength, digitsIn, grouped } from './voucher-code.ts'
import './add-words.ts'

type VoucherUse = { id: string; amount: Fen; serial: string; at: string }

export function VoucherForm() {
  const { t } = useTranslation('topUpVoucher')
  const [digits, setDigits] = useState('')
  const [isScanning, scan] = useState(false)
  const [isOther, setOther] = useState(false)
  const { act, send, clear } = useMoneyAct<VoucherUse>('/top-ups/voucher')
  const onText = useCallback((text: string) => {
    const code = codeIn(text)
    setOther(code === null)
    if (code !== null) setDigits(code)
    scan(false)
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (digits.length === codeLength && act.is !== 'busy') void send({ code: digits })
  }
  if (act.is === 'done') {
    const again = () => {
      setDigits('')
      clear()
    }
    return <Done use={act.value} onAgain={again} />
  }
  // What may be done already is asked about as it was.
  const isFixed = act.is === 'busy' || act.is === 'lost'
  return (
    <form className="panel card" onSubmit={submit}>
      {isScanning && <Camera onText={onText} />}
      <label className="field">
        <span>{t('code')}</span>
        <input
          className="num"
          inputMode="numeric"
          autoComplete="off"
          value={grouped(digits)}
          readOnly={isFixed}
          ref={focusFirst}
          onChange={({ target }) => {
            setDigits(digitsIn(target.value))
            if (act.is === 'refused') clear()
          }}
        />
        <small className="note">{t('hint')}</small>
      </label>
      {isOther && (
        <p className="note" role="status">
          {t('notVoucher')}
        </p>
      )}
      {act.is === 'refused' && <ProblemNote problem={act.problem} />}
      {act.is === 'lost' && (
        <p className="problem" role="alert">
          {t('lost')}
        </p>
      )}
      <button
        type="submit"
        className="button button-primary button-large wide"
        disabled={digits.length !== codeLength || act.is === 'busy'}
      >
        {t('action')}
      </button>
      <button
        type="button"
        className="button button-large wide"
        disabled={isFixed}
        onClick={() => {
          setOther(false)
          scan(!isScanning)
        }}
      >
        {t(isScanning ? 'stopScan' : 'scan')}
      </button>
    </form>
  )
}

function Done({ use, onAgain }: { use: VoucherUse; onAgain: () => void }) {
  const { t } = useTranslation('topUpVoucher')
  return (
    <>
      <Ticket tone="done" state={t('done')} amount={use.amount} about={t('voucher')}>
        <Facts
          facts={[
            [t('serial'), grouped(use.serial)],
            [t('at'), dateTimeOf(Date.parse(use.at), checkoutZone)],
          ]}
        />
      </Ticket>
      <p className="below">
        <button type="button" className="button button-large wide" onClick={onAgain}>
          {t('another')}
        </button>
      </p>
    </>
  )
}
