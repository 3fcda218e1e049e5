// Home: what is there, what is kept back and why, and the shortest way to each thing one does with money.
import {
  ArrowDownToLine,
  ArrowUpFromLine,
  ChevronRight,
  CreditCard,
  Gauge,
  ScanLine,
  Send,
  Smartphone,
} from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Card, Me } from '../contract.ts'
import { BalanceCard } from '../parts/balance-card.tsx'
import { HomeHead } from '../parts/home-head.tsx'
import { LineRow } from '../parts/line-row.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { Services } from '../parts/services.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useBalance, useCards, useMe, useRecent } from '../queries.ts'
import { useLive } from '../use-events.ts'

/** Nobody waits for it: the balance is shown first. */
const Waiting = lazy(async () => ({
  default: (await import('../people/waiting.tsx')).Waiting,
}))

const acts = [
  { to: '/code/scan', icon: ScanLine, word: 'scan' },
  { to: '/transfer', icon: Send, word: 'transfer' },
  { to: '/top-up', icon: ArrowDownToLine, word: 'topUp' },
  { to: '/withdraw', icon: ArrowUpFromLine, word: 'withdraw' },
] as const

export function HomeScreen() {
  const { t } = useTranslation('app')
  const me = useMe()
  const balance = useBalance()
  const isLive = useLive()
  return (
    <>
      <HomeHead me={me.data} />
      <BalanceCard
        balance={balance.data}
        readAt={balance.readAt}
        isStale={balance.isOld || !isLive}
      >
        <div className="acts">
          {acts.map(({ to, icon, word }) => (
            <Link key={to} to={to}>
              <Icon of={icon} size={24} />
              <span>{t(`acts.${word}`)}</span>
            </Link>
          ))}
        </div>
      </BalanceCard>
      {balance.isError && (
        <ProblemNote problem={problemIn(balance.error)} onAgain={() => void balance.refetch()} />
      )}
      <Services />
      {balance.data && (
        <Suspense>
          <Waiting />
        </Suspense>
      )}
      <Pockets me={me.data} />
      <Recent />
    </>
  )
}

function Pockets({ me }: { me: Me | undefined }) {
  const { t } = useTranslation('app')
  const cards = useCards()
  return (
    <section aria-labelledby="pockets">
      <div className="section-head">
        <h2 id="pockets">{t('pockets.title')}</h2>
        <Link to="/sources">{t('pockets.order')}</Link>
      </div>
      <div className="card list">
        <div className="entry">
          <span className="entry-icon entry-icon-plum">
            <Icon of={Smartphone} size={20} />
          </span>
          <span className="grow">
            <span className="entry-title">{t('pockets.phoneBill')}</span>
            <small>
              {me &&
                t('pockets.billLeft', {
                  day: formatFen(me.phoneBill.leftToday),
                  month: formatFen(me.phoneBill.leftThisMonth),
                })}
            </small>
          </span>
        </div>
        <Link to="/me" className="entry">
          <span className="entry-icon entry-icon-plum">
            <Icon of={Gauge} size={20} />
          </span>
          <span className="grow">
            <span className="entry-title">{t('pockets.limits')}</span>
            <small>
              {me?.limits
                ? t('pockets.left', {
                    day: formatFen(me.limits.day.left),
                    year: formatFen(me.limits.year.left),
                  })
                : me && t('pockets.noLimits')}
            </small>
          </span>
          <Icon of={ChevronRight} />
        </Link>
        <Link to="/cards" className="entry">
          <span className="entry-icon entry-icon-plum">
            <Icon of={CreditCard} size={20} />
          </span>
          <span className="grow">
            <span className="entry-title">{t('pockets.cards')}</span>
            <small>{cards.data && cardWords(cards.data.items, t)}</small>
          </span>
          {cards.data && (
            <span className="muted">{t('pockets.count', { n: cards.data.items.length })}</span>
          )}
          <Icon of={ChevronRight} />
        </Link>
      </div>
    </section>
  )
}

function cardWords(
  cards: readonly Card[],
  t: ReturnType<typeof useTranslation<'app'>>['t'],
): string {
  if (cards.length === 0) return t('pockets.noCards')
  return cards.map(({ kind, last4 }) => `${t(`cardKind.${kind}`)} ${last4}`).join(' · ')
}

function Recent() {
  const { t } = useTranslation('app')
  const recent = useRecent()
  return (
    <section aria-labelledby="recent">
      <div className="section-head">
        <h2 id="recent">{t('recent.title')}</h2>
        <Link to="/statement">{t('recent.all')}</Link>
      </div>
      {recent.data === undefined && !recent.isError && <Skeleton rows={3} />}
      {recent.data === undefined && recent.isError && (
        <ProblemNote problem={problemIn(recent.error)} onAgain={() => void recent.refetch()} />
      )}
      {recent.data?.items.length === 0 && (
        <p className="card empty">
          {t('recent.empty')} <Link to="/top-up">{t('recent.first')}</Link>
        </p>
      )}
      {recent.data !== undefined && recent.data.items.length > 0 && (
        <div className="card list">
          {recent.data.items.map((line) => (
            <LineRow key={line.id} line={line} when="day" />
          ))}
        </div>
      )}
    </section>
  )
}
