// A bill is divided: what, how much, with whom and how. The sum of the shares is the bill at every moment.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { type Fen, formatFen, parseYuan } from '../../fen.ts'
import { AmountField, amountRange } from '../parts/amount-field.tsx'
import { Choice } from '../parts/choice.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { useMoneyAct } from '../use-money-act.ts'
import type { Split } from './contract.ts'
import { PeopleField, type Person } from './people-field.tsx'
import { equally, remainder } from './split-cut.ts'
import { SplitShares } from './split-shares.tsx'

type Mode = 'equal' | 'custom'

/** A payment that the bill is of: it may not be more than that. */
function paymentIn(search: string) {
  const asked = new URLSearchParams(search)
  const id = asked.get('payment')
  const total = asked.get('total') ?? ''
  return id && /^\d{1,9}$/.test(total) ? { id, total, title: asked.get('title') ?? '' } : null
}

const plain = (fen: Fen): string => formatFen(fen).replaceAll(',', '')

export function SplitNewScreen() {
  const { t } = useTranslation('people')
  const [, go] = useLocation()
  const payment = paymentIn(useSearch())
  const [title, setTitle] = useState(payment?.title.slice(0, 40) ?? '')
  const [typed, setTyped] = useState(payment ? plain(payment.total) : '')
  const [people, setPeople] = useState<readonly Person[]>([])
  const [mode, setMode] = useState<Mode>('equal')
  const [withOwn, setWithOwn] = useState(true)
  const [customs, setCustoms] = useState<Readonly<Record<string, string>>>({})
  const { act, send } = useMoneyAct<Split>('/splits')

  const amount = parseYuan(typed, amountRange)
  const total = amount.ok ? amount.fen : '0'
  const others = cut({ mode, total, withOwn, people, customs })
  const own = remainder(total, others)
  const isOver = payment !== null && BigInt(total) > BigInt(payment.total)
  const isSmall = others.some((share) => BigInt(share) < 1n)
  const isRight =
    amount.ok &&
    people.length > 0 &&
    !isOver &&
    !isSmall &&
    BigInt(own) >= 0n &&
    title.trim() !== ''

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const how = mode === 'equal' ? { mode, total, withOwn } : { mode, amounts: others, own }
    const ended = await send({
      title: title.trim(),
      people: people.map(({ digits }) => digits),
      how,
      ...(payment && { paymentId: payment.id }),
    })
    if (ended.is === 'done') go(`/people/splits/${ended.value.id}`)
  }
  return (
    <>
      <ScreenHead title={t('split.new')} back="/people/splits" />
      <form className="panel card" onSubmit={(event) => void submit(event)}>
        <label className="field">
          <span>{t('split.about')}</span>
          <input
            maxLength={40}
            placeholder={t('split.aboutHint')}
            value={title}
            onChange={({ target }) => setTitle(target.value)}
          />
        </label>
        <AmountField label={t('split.total')} value={typed} onChange={setTyped} />
        {payment && isOver && (
          <p className="note note-bad">
            {t('split.tooMuch', { amount: formatFen(payment.total) })}
          </p>
        )}
        <PeopleField people={people} onChange={setPeople} />
        <Choice
          legend={t('split.mode')}
          values={[
            ['equal', t('split.modes.equal')],
            ['custom', t('split.modes.custom')],
          ]}
          chosen={mode}
          onChoose={setMode}
        />
        {mode === 'equal' && (
          <label className="check">
            <input
              type="checkbox"
              checked={withOwn}
              onChange={({ target }) => setWithOwn(target.checked)}
            />
            <span>{t('split.withOwn')}</span>
          </label>
        )}
        <SplitShares
          mode={mode}
          total={total}
          own={own}
          hasOwn={mode === 'custom' || withOwn}
          shares={people.map((person, place) => ({
            ...{ person, amount: others[place] ?? '0', typed: customs[person.digits] ?? '' },
          }))}
          onType={(digits, text) => setCustoms({ ...customs, [digits]: text })}
        />
        {act.is === 'refused' && <ProblemNote problem={act.problem} />}
        {act.is === 'lost' && <ProblemNote problem={act.problem} />}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={!isRight || act.is === 'busy'}
          aria-busy={act.is === 'busy'}
        >
          {t('split.invite')}
        </button>
        <p className="fine muted">{t('split.inviteNote')}</p>
      </form>
    </>
  )
}

type Asked = {
  mode: Mode
  total: Fen
  withOwn: boolean
  people: readonly Person[]
  customs: Readonly<Record<string, string>>
}

/** What each of the others pays. With an own share, that is the first of the equal ones. */
function cut({ mode, total, withOwn, people, customs }: Asked): Fen[] {
  if (mode === 'custom') return people.map(({ digits }) => fenOf(customs[digits] ?? ''))
  if (people.length === 0) return []
  const shares = equally(total, people.length + (withOwn ? 1 : 0))
  return withOwn ? shares.slice(1) : shares
}

function fenOf(typed: string): Fen {
  const amount = parseYuan(typed, amountRange)
  return amount.ok ? amount.fen : '0'
}
