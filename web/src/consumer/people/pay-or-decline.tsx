// Two answers to somebody who asks for money. Paying asks for the PIN; saying no asks whether it is meant.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { type Fen, formatFen } from '../../fen.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Transfer } from '../contract.ts'
import { isMoreThan } from '../parts/amount-field.tsx'
import { ConfirmSheet } from '../parts/confirm-sheet.tsx'
import { OverNote } from '../parts/over-note.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import type { Proof } from '../passkey-proof.ts'
import { moneyMoved, useBalance } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'

type Words = {
  pay: string
  sheet: string
  to: string
  decline: string
  declineAsk: string
  declineText: string
  sure: string
}

/** `atOnce`: the PIN is asked for without a press, for somebody waits. */
type Properties = { path: string; amount: Fen; words: Words; atOnce?: boolean }

export function PayOrDecline({ path, amount, words, atOnce = false }: Properties) {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const available = useBalance().data?.available
  const [isAsking, ask] = useState<'pay' | 'decline' | null>(atOnce ? 'pay' : null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { act, tries, send, clear } = useMoneyAct<Transfer>(`${path}/pay`)
  const pay = async (proof: Proof, nameCharacter?: string) => {
    const named = nameCharacter === undefined ? {} : { nameCharacter }
    const ended = await send({ ...proof, ...named })
    if (ended.is === 'done') ask(null)
  }
  const decline = async () => {
    const answer = await consumerApi.post(`${path}/decline`)
    setProblem(answer.ok ? null : answer.problem)
    moneyMoved()
  }
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <OverNote available={available} amount={amount} />
      <div className="two">
        <button type="button" className="button button-large" onClick={() => ask('decline')}>
          {words.decline}
        </button>
        <button
          type="button"
          className="button button-primary button-large"
          disabled={isMoreThan(available, amount)}
          onClick={() => ask('pay')}
        >
          {words.pay}
        </button>
      </div>
      <p className="fine muted">{words.sure}</p>
      {isAsking === 'decline' && (
        <ConfirmDialog
          title={words.declineAsk}
          text={words.declineText}
          action={words.decline}
          danger
          onConfirm={() => void decline()}
          onClose={() => ask(null)}
        />
      )}
      {isAsking === 'pay' && (
        <ConfirmSheet
          title={words.sheet}
          to={words.to}
          amount={amount}
          rows={[
            [t('from'), app('source.wallet')],
            [
              t('fee'),
              <span key="fee" className="num">
                {formatFen('0')}
              </span>,
            ],
          ]}
          act={act}
          tries={tries}
          onProof={pay}
          onClose={() => {
            ask(null)
            clear()
          }}
        />
      )}
    </>
  )
}
