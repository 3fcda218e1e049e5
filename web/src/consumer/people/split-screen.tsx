// A bill among several. Who began it sees who has paid, reminds and ends it; who is asked pays the share or says no.
import { useTranslation } from 'react-i18next'
import { addFen, type Fen, formatFen, negateFen } from '../../fen.ts'
import { Money } from '../../ui/money.tsx'
import { momentName } from '../moment.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import type { Share, Split } from './contract.ts'
import { useSplit } from './people-queries.ts'
import { ShareRow } from './share-row.tsx'
import { sumOf } from './split-cut.ts'
import { SplitInvited } from './split-invited.tsx'
import { SplitOwner } from './split-owner.tsx'

export function SplitScreen({ id }: { id: string }) {
  const { t } = useTranslation('people')
  const query = useSplit(id)
  const split = query.data
  return (
    <>
      <ScreenHead title={t('split.title')} back="/people/splits" />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {split === undefined && !query.isError && <Skeleton rows={5} />}
      {split && <SplitTicket split={split} />}
      {split?.payment && <Refunded payment={split.payment} />}
      {split?.isOwn === true && <SplitOwner split={split} />}
      {split?.isOwn === false && <SplitInvited split={split} />}
    </>
  )
}

/** Nothing is taken from who has paid: who began it gives back what is fair. */
function Refunded({ payment: { amount, kept } }: { payment: NonNullable<Split['payment']> }) {
  const { t } = useTranslation('people')
  const back = addFen(amount, negateFen(kept))
  if (back === '0') return null
  return (
    <p className="note split-note" role="status">
      {t('split.refunded', { back: formatFen(back), kept: formatFen(kept) })}
    </p>
  )
}

function SplitTicket({ split }: { split: Split }) {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const { title, total, begunAt, shares, ownShare, by, isOwn } = split
  const hasOwn = BigInt(ownShare) > 0n
  const count = shares.length + (hasOwn ? 1 : 0)
  const paid = sumOf(shares.filter(({ state }) => state === 'paid').map(({ amount }) => amount))
  const asked = sumOf(shares.filter(({ state }) => state !== 'void').map(({ amount }) => amount))
  return (
    <section className="ticket card" aria-live="polite">
      <div className="ticket-head">
        <p className="muted">
          {title} · {momentName(Date.parse(begunAt), Date.now(), app)}
        </p>
        <p className="hero">
          <Money fen={total} />
        </p>
        <p>
          {t('split.count', { count })} · {t(`split.states.${split.state}`)} · {t('split.got')}{' '}
          <b className="num">{formatFen(paid)}</b> / <span className="num">{formatFen(asked)}</span>
        </p>
        <Progress shares={shares} ownShare={ownShare} />
      </div>
      <div className="notch" />
      {hasOwn && (
        <ShareRow
          name={isOwn ? t('split.me') : by}
          about={t('split.began')}
          amount={ownShare}
          state="paid"
        />
      )}
      {shares.map((share) => (
        <ShareRow
          key={share.id}
          name={share.isOwn ? t('split.me') : share.number}
          about={share.isOwn ? share.number : ''}
          amount={share.amount}
          state={share.state}
          {...(isOwn && share.state === 'paid' && { back: { splitId: split.id, share } })}
        />
      ))}
      <div className="notch" />
      <p className="adds">{t('split.adds', { count, total: formatFen(total) })}</p>
    </section>
  )
}

/** A picture of who has paid; the rows below say it exactly. */
function Progress({ shares, ownShare }: { shares: readonly Share[]; ownShare: Fen }) {
  const { t } = useTranslation('people')
  const parts = ['own', 'paid', 'open'] as const
  const hasOwn = BigInt(ownShare) > 0n
  return (
    <>
      <div className="split-parts" aria-hidden="true">
        {hasOwn && <i className="part-own" />}
        {shares.map(({ id, state }) => (
          <i key={id} className={state === 'paid' ? 'part-paid' : 'part-open'} />
        ))}
      </div>
      <p className="split-legend" aria-hidden="true">
        {parts
          .filter((part) => part !== 'own' || hasOwn)
          .map((part) => (
            <span key={part}>
              <i className={`part-${part}`} />
              {t(`split.legend.${part}`)}
            </span>
          ))}
      </p>
    </>
  )
}
