// What can be had for points: all there ever was, the newest first, and a form for one more.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorApi } from '../operator-api.ts'
import { PagedList } from '../paged-list.tsx'
import { usePages } from '../use-pages.ts'
import { useMay } from '../who.ts'
import type { Reward } from './contract.ts'
import { RewardCard } from './reward-card.tsx'
import { RewardForm } from './reward-form.tsx'

export function Rewards({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operatorPoints')
  const mayChange = useMay('change')
  const [isAdding, add] = useState(false)
  const list = usePages<Reward>(api, '/points/rewards')
  return (
    <>
      {!mayChange ? null : isAdding ? (
        <RewardForm api={api} onAdded={list.reload} onBack={() => add(false)} />
      ) : (
        <div className="row">
          <button type="button" className="button button-primary" onClick={() => add(true)}>
            {t('reward.add')}
          </button>
        </div>
      )}
      <PagedList className="approvals" list={list} empty={t('reward.none')}>
        {(reward) => <RewardCard api={api} reward={reward} onChanged={list.reload} />}
      </PagedList>
    </>
  )
}
