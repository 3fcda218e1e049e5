// The last look before points are spent on a reward, and then what was taken.
import { useTranslation } from 'react-i18next'
import { formatPoints } from '../../format-points.ts'
import { pick } from '../../names.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { MoneyAct } from '../use-money-act.ts'
import type { Redemption, Reward } from './contract.ts'
import { TakenReward } from './taken-reward.tsx'

type Properties = {
  reward: Reward
  has: string
  act: MoneyAct<Redemption>
  onTake: () => void
  onClose: () => void
}

export function RewardSheet({ reward, has, act, onTake, onClose }: Properties) {
  const { t } = useTranslation('points')
  return (
    <Sheet
      title={t(act.is === 'done' ? 'taken.title' : 'sheet.title')}
      locked={act.is === 'busy'}
      onClose={onClose}
    >
      {act.is === 'done' ? (
        <TakenReward redemption={act.value} />
      ) : (
        <Question reward={reward} has={has} act={act} onTake={onTake} />
      )}
    </Sheet>
  )
}

function Question({ reward, has, act, onTake }: Omit<Properties, 'onClose'>) {
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
