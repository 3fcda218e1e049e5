// A customer is found by the number; what follows is of the wallet that has it now.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/field.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Wallet } from './contract.ts'
import { WalletPoints } from './wallet-points.tsx'

export function CustomerSearch({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operatorPoints')
  const [number, setNumber] = useState('')
  const [wallet, setWallet] = useState<Wallet | null>(null)
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const typed = number.replace(/\s/g, '')
    if (typed === '') return field.current?.focus()
    if (busy) return
    setWallet(null)
    const answer = await send(() => api.post<Wallet>('/wallets/find', { msisdn: typed }))
    if (answer.ok) setWallet(answer.value)
    else field.current?.focus()
  }
  return (
    <>
      <form className="card points-find" onSubmit={submit} noValidate>
        <Field
          id="points-number"
          label={t('find.number')}
          complaint={tried && number.trim() === '' ? t('find.missing') : ''}
          reference={field}
          inputMode="tel"
          maxLength={20}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
        />
        <button type="submit" className="button button-primary" disabled={busy} aria-busy={busy}>
          {t('find.action')}
        </button>
        <Trouble problem={problem} />
      </form>
      {wallet && <WalletPoints key={wallet.id} api={api} wallet={wallet} />}
    </>
  )
}
