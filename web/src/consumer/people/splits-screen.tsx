// Bills among several: those one has divided, and those one is asked for a share of.
import { UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { momentName } from '../moment.ts'
import { ListEntry, ListPart, ListScreen } from './list-screen.tsx'
import { useAskedShares, useSplits } from './people-queries.ts'
import { shareStatus, splitStatus } from './people-status.ts'

export function SplitsScreen() {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const own = useSplits()
  const asked = useAskedShares()
  const icon = <Icon of={UsersRound} size={18} />
  const moment = (at: string) => momentName(Date.parse(at), Date.now(), app)
  return (
    <ListScreen
      title={t('split.title')}
      toNew="/people/splits/new"
      newWord={t('split.new')}
      queries={[own, asked]}
    >
      <ListPart title={t('theirs')}>
        {(asked.data?.items ?? []).map(({ id, splitId, title, by, amount, state, askedAt }) => (
          <ListEntry
            key={id}
            to={`/people/splits/${splitId}`}
            icon={icon}
            title={title}
            about={`${by} · ${moment(askedAt)}`}
            amount={amount}
            status={shareStatus[state]}
          />
        ))}
      </ListPart>
      <ListPart title={t('mine')}>
        {(own.data?.items ?? []).map(({ id, title, total, state, begunAt }) => (
          <ListEntry
            key={id}
            to={`/people/splits/${id}`}
            icon={icon}
            title={title}
            about={moment(begunAt)}
            amount={total}
            status={splitStatus[state]}
          />
        ))}
      </ListPart>
    </ListScreen>
  )
}
