// Rewards that were taken, the newest first; each opens to its code.
import { Gift } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPoints } from '../../format-points.ts'
import { pick } from '../../names.ts'
import type { Status } from '../../status.ts'
import { Icon } from '../../ui/icon.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { momentName } from '../moment.ts'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { Redemption, RedemptionState } from './contract.ts'
import { PagedList } from './paged-list.tsx'
import { useRedemptions } from './points-queries.ts'
import { TakenReward } from './taken-reward.tsx'

const statuses: Readonly<Record<RedemptionState, Status>> = {
  taken: ['wait', '未查看', 'Not looked at'],
  shown: ['done', '已查看', 'Code shown'],
  cancelled: ['back', '已退回', 'Given back'],
}

export function RedemptionsScreen() {
  const { t } = useTranslation('points')
  const [opened, open] = useState<Redemption | null>(null)
  return (
    <>
      <ScreenHead title={t('history')} back="/points" />
      <PagedList query={useRedemptions()} empty={t('none')}>
        {(one) => <RedemptionEntry key={one.id} redemption={one} onOpen={() => open(one)} />}
      </PagedList>
      {opened && (
        <Sheet title={t('taken.title')} onClose={() => open(null)}>
          <TakenReward redemption={opened} />
        </Sheet>
      )}
    </>
  )
}

type EntryProperties = { redemption: Redemption; onOpen: () => void }

function RedemptionEntry({ redemption: { reward, points, state, at }, onOpen }: EntryProperties) {
  const { t, i18n } = useTranslation('points')
  const { t: app } = useTranslation('app')
  const about = [
    momentName(Date.parse(at), Date.now(), app),
    `${formatPoints(points)} ${t('sheet.unit')}`,
  ]
  return (
    <button type="button" className="entry points-taken" onClick={onOpen}>
      <span className="entry-icon entry-icon-plum">
        <Icon of={Gift} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title">{pick(reward.name, i18n.language)}</span>
        <small>{about.join(' · ')}</small>
      </span>
      <StatusTag status={statuses[state]} />
    </button>
  )
}
