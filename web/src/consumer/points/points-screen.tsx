// Points: how many there are and which end first, what can be had for them, and how they came and went.
import { ChevronRight, Gift, Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatPoints } from '../../format-points.ts'
import { pick } from '../../names.ts'
import { Icon } from '../../ui/icon.tsx'
import { momentName } from '../moment.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useMoneyAct } from '../use-money-act.ts'
import type { Points, PointsLine, Redemption, Reward } from './contract.ts'
import { PagedList } from './paged-list.tsx'
import { pointsChanged, usePoints, usePointsLines, useRewards } from './points-queries.ts'
import { RewardSheet } from './reward-sheet.tsx'

export function PointsScreen() {
  const { t } = useTranslation('points')
  const points = usePoints()
  return (
    <>
      <ScreenHead title={t('title')} back="/me" />
      {points.isError && (
        <ProblemNote problem={problemIn(points.error)} onAgain={() => void points.refetch()} />
      )}
      {points.data === undefined && !points.isError && <Skeleton rows={5} />}
      {points.data && (
        <>
          <Balance points={points.data} />
          <Rewards has={points.data.points} />
          <Lines />
        </>
      )}
    </>
  )
}

function Balance({ points: { points, expiring, owed, programme } }: { points: Points }) {
  const { t } = useTranslation('points')
  const sources = programme.sources.map((source) => t(`sources.${source}`)).join(t('between'))
  return (
    <section className="balance" aria-live="polite">
      <div className="balance-head">
        <span>{t('mine')}</span>
        <Link to="/points/redemptions">
          {t('history')}
          <Icon of={ChevronRight} size={14} />
        </Link>
      </div>
      <p className="balance-sum num">{formatPoints(points)}</p>
      <p className="balance-parts">
        {expiring && (
          <span>{t('expiring', { points: formatPoints(expiring.points), on: expiring.on })}</span>
        )}
        {owed !== '0' && (
          <span className="balance-held">{t('owed', { points: formatPoints(owed) })}</span>
        )}
      </p>
      <div className="balance-stitch" />
      <p className="balance-parts">
        {programme.on
          ? t('programme.on', { points: programme.perYuan, sources })
          : t('programme.off')}
      </p>
    </section>
  )
}

/** What is opened stays open when it was the last one and is offered no longer. */
function Rewards({ has }: { has: string }) {
  const { t } = useTranslation('points')
  const rewards = useRewards()
  const [opened, open] = useState<Reward | null>(null)
  const { act, send, clear } = useMoneyAct<Redemption>('/points/redemptions')
  const items = rewards.data?.items
  const take = async (rewardId: string) => {
    await send({ rewardId })
    pointsChanged()
  }
  return (
    <section aria-labelledby="rewards">
      <div className="section-head">
        <h2 id="rewards">{t('rewards')}</h2>
      </div>
      {rewards.isError && (
        <ProblemNote problem={problemIn(rewards.error)} onAgain={() => void rewards.refetch()} />
      )}
      {items === undefined && !rewards.isError && <Skeleton rows={2} />}
      {items?.length === 0 && <p className="card empty">{t('noRewards')}</p>}
      {items !== undefined && items.length > 0 && (
        <div className="card list">
          {items.map((reward) => (
            <RewardEntry key={reward.id} reward={reward} has={has} onOpen={() => open(reward)} />
          ))}
        </div>
      )}
      {opened && (
        <RewardSheet
          reward={opened}
          has={has}
          act={act}
          onTake={() => void take(opened.id)}
          onClose={() => {
            open(null)
            clear()
          }}
        />
      )}
    </section>
  )
}

type EntryProperties = { reward: Reward; has: string; onOpen: () => void }

function RewardEntry({ reward, has, onOpen }: EntryProperties) {
  const { t, i18n } = useTranslation('points')
  const name = pick(reward.name, i18n.language)
  return (
    <div className="entry">
      <span className="entry-icon entry-icon-plum">
        <Icon of={Gift} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title">{name}</span>
        <small>
          {t('cost', { points: formatPoints(reward.points), n: formatPoints(reward.remaining) })}
        </small>
      </span>
      <button
        type="button"
        className="button"
        aria-label={t('takeOne', { name })}
        disabled={BigInt(has) < BigInt(reward.points)}
        onClick={onOpen}
      >
        {t('take')}
      </button>
    </div>
  )
}

function Lines() {
  const { t } = useTranslation('points')
  return (
    <section aria-labelledby="lines">
      <div className="section-head">
        <h2 id="lines">{t('lines')}</h2>
      </div>
      <PagedList query={usePointsLines()} empty={t('noLines')}>
        {(line) => <LineEntry key={line.id} line={line} />}
      </PagedList>
    </section>
  )
}

function LineEntry({ line: { at, title, points } }: { line: PointsLine }) {
  const { t: app, i18n } = useTranslation('app')
  const isIn = !points.startsWith('-')
  return (
    <div className="entry">
      <span className="entry-icon">
        <Icon of={isIn ? Plus : Minus} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title">{pick(title, i18n.language)}</span>
        <small>{momentName(Date.parse(at), Date.now(), app)}</small>
      </span>
      <span className={isIn ? 'entry-amount num come-in' : 'entry-amount num'}>
        {isIn && '+'}
        {formatPoints(points)}
      </span>
    </div>
  )
}
