// The last look before money moves: who gets it, how much, from where, the fee, what is left; then the PIN.
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { type Fen, formatFen } from '../../fen.ts'
import { Money } from '../../ui/money.tsx'
import type { Proof } from '../passkey-proof.ts'
import type { MoneyAct } from '../use-money-act.ts'
import { focusFirst } from './focus-first.ts'
import { ProblemNote } from './problem-note.tsx'
import { ProofPad } from './proof-pad.tsx'
import { Sheet } from './sheet.tsx'

type Properties<T> = {
  title: string
  to: string
  amount: Fen
  rows: readonly (readonly [name: string, value: ReactNode])[]
  act: MoneyAct<T>
  /** How often it was tried: each time the keypad begins anew. */
  tries: number
  /** With the character of the payee's name that was asked for, if one was. */
  onProof: (proof: Proof, nameCharacter?: string) => Promise<unknown>
  onClose: () => void
}

export function ConfirmSheet<T>(properties: Properties<T>) {
  const { title, to, amount, rows, act, tries, onProof, onClose } = properties
  const { t } = useTranslation('app')
  const isBusy = act.is === 'busy'
  const [character, setCharacter] = useState('')
  const [isNameAsked, askName] = useState(false)
  if (act.is === 'refused' && !isNameAsked && asksName(act.problem)) askName(true)
  return (
    <Sheet title={title} locked={isBusy} onClose={onClose}>
      <p className="sheet-to">{to}</p>
      <p className="hero">
        <Money fen={amount} />
      </p>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {act.is === 'refused' && <ProblemNote problem={act.problem} />}
      {act.is === 'lost' && <p className="problem">{t('lost')}</p>}
      {isNameAsked && (
        <label className="field sheet-field">
          <span>{t('character')}</span>
          <input
            maxLength={4}
            value={character}
            ref={focusFirst}
            onChange={({ target }) => setCharacter(target.value)}
          />
        </label>
      )}
      <ProofPad
        about={`${title} ${formatFen(amount)}`}
        act={act}
        tries={tries}
        onProof={(proof) => void onProof(proof, character.trim() || undefined)}
      />
    </Sheet>
  )
}

/** More than a little to somebody new: the payer must know who it is. */
const nameCodes = ['WL-31', 'WL-03']

const asksName = (problem: Problem): boolean =>
  problem.kind === 'refused' && problem.code !== undefined && nameCodes.includes(problem.code)
