// Money that is asked for: of one, and by one.
import { HandCoins } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { momentName } from '../moment.ts'
import type { MoneyRequest } from './contract.ts'
import { ListEntry, ListPart, ListScreen } from './list-screen.tsx'
import { useRequests } from './people-queries.ts'
import { requestStatus } from './people-status.ts'

export function RequestsScreen() {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const requests = useRequests()
  const titleOf = ({ direction, by, payer }: MoneyRequest) => {
    if (payer === null) return t('byCode.read')
    return direction === 'in' ? t('request.asks', { by }) : t('request.asked', { payer })
  }
  const row = (request: MoneyRequest) => {
    const { id, memo, amount, state, askedAt } = request
    return (
      <ListEntry
        key={id}
        to={`/people/requests/${id}`}
        icon={<Icon of={HandCoins} size={18} />}
        title={titleOf(request)}
        about={[momentName(Date.parse(askedAt), Date.now(), app), memo].filter(Boolean).join(' · ')}
        amount={amount}
        status={requestStatus[state]}
      />
    )
  }
  const items = requests.data?.items ?? []
  return (
    <ListScreen
      title={t('request.title')}
      toNew="/people/requests/new"
      newWord={t('request.new')}
      queries={[requests]}
    >
      <ListPart title={t('theirs')}>
        {items.filter(({ direction }) => direction === 'in').map(row)}
      </ListPart>
      <ListPart title={t('mine')}>
        {items.filter(({ direction }) => direction === 'out').map(row)}
      </ListPart>
    </ListScreen>
  )
}
