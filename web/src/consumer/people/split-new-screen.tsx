// A bill is divided: what, how much, with whom and how. The sum of the shares is the bill at every moment.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { type Fen, formatFen, isZeroFen, parseYuan } from '../../fen.ts'
import { AmountField, amountRange } from '../parts/amount-field.tsx'
import { Choice } from '../parts/choice.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useMoneyAct } from '../use-money-act.ts'
import type { Shared, Split } from './contract.ts'
import { PeopleField, type Person } from './people-field.tsx'
import { useShared } from './people-queries.ts'
import { equally, remainder } from './split-cut.ts'
import { SplitLeft } from './split-left.tsx'
import { SplitShares } from './split-shares.tsx'

type Mode = 'equal' | 'custom'

/** A payment that the bill is of: it may not be more than what is left of that. */
type Payment = { id: string; shared: Shared }

const plain = (fen: Fen): string => formatFen(fen).replaceAll(',', '')

export function SplitNewScreen() {
  const { t } = useTranslation('people')
  const asked = new URLSearchParams(useSearch())
  const [id, title] = [asked.get('payment'), asked.get('title') ?? '']
  return (
    <>
      <ScreenHead title={t('split.new')} back="/people/splits" />
      {id === null ? (
        <SplitForm title={title} payment={null} />
      ) : (
        <OfPayment id={id} title={title} />
      )}
    </>
  )
}

function OfPayment({ id, title }: { id: string; title: string }) {
  const shared = useShared(id)
  // What was read for a bill before may be more than is left since.
  if (shared.data && shared.isFetchedAfterMount)
    return <SplitForm title={title} payment={{ id, shared: shared.data }} />
  if (!shared.isError) return <Skeleton rows={5} />
  return <ProblemNote problem={problemIn(shared.error)} onAgain={() => void shared.refetch()} />
}

type FormProperties = { title: string; payment: Payment | null }

function SplitForm({ title: about, payment }: FormProperties) {
  const { t } = useTranslation('people')
  const [, go] = useLocation()
  const left = payment?.shared.left
  const [title, setTitle] = useState(about.slice(0, 40))
  const [typed, setTyped] = useState(left && !isZeroFen(left) ? plain(left) : '')
  const [people, setPeople] = useState<readonly Person[]>([])
  const [mode, setMode] = useState<Mode>('equal')
  const [withOwn, setWithOwn] = useState(true)
  const [customs, setCustoms] = useState<Readonly<Record<string, string>>>({})
  const { act, send } = useMoneyAct<Split>('/splits')

  const amount = parseYuan(typed, amountRange)
  const total = amount.ok ? amount.fen : '0'
  const others = cut({ mode, total, withOwn, people, customs })
  const own = remainder(total, others)
  const isOver = left !== undefined && BigInt(total) > BigInt(left)
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
      {payment && <SplitLeft shared={payment.shared} isOver={isOver} />}
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
