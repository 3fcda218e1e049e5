// Standing orders and consents, given and got; either side can end them.
import { CalendarClock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { consumerApi } from '../consumer-api.ts'
import { momentName } from '../moment.ts'
import type { Mandate } from './contract.ts'
import { EndAct } from './end-act.tsx'
import { ListPart, ListScreen } from './list-screen.tsx'
import { useMandates } from './people-queries.ts'
import { mandateStatus } from './people-status.ts'

export function StandingScreen() {
  const { t } = useTranslation('people')
  const mandates = useMandates()
  return (
    <ListScreen
      title={t('standing.title')}
      toNew="/people/standing/new"
      newWord={t('standing.new')}
      queries={[mandates]}
    >
      <ListPart>
        {(mandates.data?.items ?? []).map((mandate) => (
          <MandateEntry key={mandate.id} mandate={mandate} />
        ))}
      </ListPart>
    </ListScreen>
  )
}

function MandateEntry({ mandate }: { mandate: Mandate }) {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const { id, direction, from, to, every, amount, cap, memo, state, nextAt } = mandate
  const about = [
    t(`standing.everies.${every}`),
    amount === null ? t('standing.cap', { amount: formatFen(cap) }) : null,
    nextAt && t('standing.nextAt', { time: momentName(Date.parse(nextAt), Date.now(), app) }),
    memo,
  ]
  return (
    <div className="entry">
      <span className="entry-icon entry-icon-plum">
        <Icon of={CalendarClock} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title num">
          {direction === 'out'
            ? t('standing.out', { number: to })
            : t('standing.in', { number: from })}
        </span>
        <small className="wraps">{about.filter(Boolean).join(' · ')}</small>
        {state === 'active' && (
          <EndAct
            act={() => consumerApi.post(`/mandates/${id}/end`)}
            words={[t('standing.end'), t('standing.endAsk'), t('standing.endText')]}
            small
          />
        )}
      </span>
      <span className="entry-end">
        <span className="entry-amount num">{formatFen(amount ?? cap)}</span>
        <StatusTag status={mandateStatus[state]} />
      </span>
    </div>
  )
}
