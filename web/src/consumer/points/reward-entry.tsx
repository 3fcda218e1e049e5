// A reward that can be had: the last look before points are spent, and then what was taken.
import { Gift } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../../names.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { type MoneyAct, useMoneyAct } from '../use-money-act.ts'
import { formatPoints, type Redemption, type Reward } from './contract.ts'
import { pointsChanged } from './points-queries.ts'
import { TakenReward } from './taken-reward.tsx'

type Properties = { reward: Reward; has: string }

export function RewardEntry({ reward, has }: Properties) {
  const { t, i18n } = useTranslation('points')
  const [isOpen, open] = useState(false)
  const { act, send, clear } = useMoneyAct<Redemption>('/points/redemptions')
  const name = pick(reward.name, i18n.language)
  const isEnough = BigInt(has) >= BigInt(reward.points)
  const take = async () => {
    await send({ rewardId: reward.id })
    pointsChanged()
  }
  const close = () => {
    open(false)
    clear()
  }
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
        disabled={!isEnough || reward.remaining === '0'}
        onClick={() => open(true)}
      >
        {t('take')}
      </button>
      {isOpen && (
        <Sheet
          title={t(act.is === 'done' ? 'taken.title' : 'sheet.title')}
          locked={act.is === 'busy'}
          onClose={close}
        >
          {act.is === 'done' ? (
            <TakenReward redemption={act.value} />
          ) : (
            <Question reward={reward} has={has} act={act} onTake={() => void take()} />
          )}
        </Sheet>
      )}
    </div>
  )
}

type QuestionProperties = Properties & { act: MoneyAct<Redemption>; onTake: () => void }

function Question({ reward, has, act, onTake }: QuestionProperties) {
  const { t, i18n } = useTranslation('points')
  const left = BigInt(has) - BigInt(reward.points)
  return (
    <div className="points-sheet">
      <p className="sheet-to">{pick(reward.name, i18n.language)}</p>
      <p className="hero num">
        {formatPoints(reward.points)} <small>{t('sheet.unit')}</small>
      </p>
      <dl className="facts">
        <div>
          <dt>{t('sheet.now')}</dt>
          <dd className="num">{formatPoints(has)}</dd>
        </div>
        {left >= 0n && (
          <div>
            <dt>{t('sheet.after')}</dt>
            <dd className="num">{formatPoints(left.toString())}</dd>
          </div>
        )}
      </dl>
      <p className="note">{t('sheet.note')}</p>
      {act.is === 'refused' && <ProblemNote problem={act.problem} />}
      {act.is === 'lost' && (
        <p className="problem" role="alert">
          {t('sheet.lost')}
        </p>
      )}
      <button
        type="button"
        className="button button-primary button-large wide"
        disabled={act.is === 'busy'}
        onClick={onTake}
      >
        {t('sheet.action')}
      </button>
    </div>
  )
}
