// More of a reward: so many pieces, or codes, one a line. Codes leave the page with the form and never come back.
// The key stays while an answer may be missing, so that whoever tries again adds once.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isLost } from '../../api.ts'
import { randomUuid } from '../../random-key.ts'
import { codeDigits } from '../../ui/code-digits.ts'
import { Field } from '../../ui/field.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Reward } from './contract.ts'

type Properties = {
  api: OperatorApi
  reward: Reward
  onDone: () => Promise<void>
  onBack: () => void
}

/** At once; more come in several goes. */
const codesMax = 1_000

export function StockForm({ api, reward: { id, kind }, onDone, onBack }: Properties) {
  const { t } = useTranslation('operatorPoints')
  const [key] = useState(randomUuid)
  const [pieces, setPieces] = useState('')
  const codes = useRef<HTMLTextAreaElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const [isWrong, setWrong] = useState(false)
  const [mayBeDone, setMayBeDone] = useState(false)
  const { busy, problem, send } = useSend()
  useEffect(() => (first.current ?? codes.current)?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const more = kind === 'stock' ? { pieces } : { codes: linesOf(codes.current?.value ?? '') }
    const isFit = more.codes
      ? more.codes.length > 0 && more.codes.length <= codesMax
      : Number(pieces) > 0
    setWrong(!isFit)
    if (!isFit || busy) return
    const path = `/points/rewards/${id}/stockings/${key}`
    const answer = await send(() => api.put<Reward>(path, more))
    if (!answer.ok) return setMayBeDone((was) => was || isLost(answer.problem))
    onBack()
    await onDone()
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t('reward.act.stock')}</h4>
      {kind === 'stock' ? (
        <Field
          id={`pieces-${id}`}
          label={t('stock.pieces')}
          hint={t('stock.final')}
          complaint={isWrong ? t('stock.piecesWrong') : ''}
          reference={first}
          inputMode="numeric"
          value={pieces}
          onChange={(event) => setPieces(String(Number(codeDigits(event.target.value, 8)) || ''))}
        />
      ) : (
        <div className="field">
          <label htmlFor={`codes-${id}`}>{t('stock.codes')}</label>
          <textarea
            id={`codes-${id}`}
            className="points-codes"
            rows={5}
            autoComplete="off"
            spellCheck={false}
            ref={codes}
            aria-invalid={isWrong}
            aria-describedby={`codes-${id}-note`}
          />
          <p className={isWrong ? 'note note-bad' : 'note'} id={`codes-${id}-note`}>
            {t(isWrong ? 'stock.codesWrong' : 'stock.final')}
          </p>
        </div>
      )}
      <Trouble problem={problem} />
      {mayBeDone && <p className="note">{t('stock.lost')}</p>}
      <FormEnd action={t('stock.action')} busy={busy} onBack={mayBeDone ? undefined : onBack} />
    </form>
  )
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
