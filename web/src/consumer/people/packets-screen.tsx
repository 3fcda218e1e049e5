// Red packets that one has sent. Those of others come by link.
import { Gift } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { momentName } from '../moment.ts'
import { ListEntry, ListPart, ListScreen } from './list-screen.tsx'
import { usePackets } from './people-queries.ts'
import { packetStatus } from './people-status.ts'

export function PacketsScreen() {
  const { t } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const packets = usePackets()
  return (
    <ListScreen
      title={t('packet.title')}
      toNew="/people/packets/new"
      newWord={t('packet.new')}
      queries={[packets]}
    >
      <ListPart title={t('mine')}>
        {(packets.data?.items ?? []).map(({ id, greeting, kind, count, state, sentAt }) => (
          <ListEntry
            key={id}
            to={`/people/packets/${id}`}
            icon={<Icon of={Gift} size={18} />}
            title={greeting === '' ? t('packet.hint') : greeting}
            about={[
              momentName(Date.parse(sentAt), Date.now(), app),
              t(`packet.kinds.${kind}`),
              t('packet.to', { count }),
            ].join(' · ')}
            amount={null}
            status={packetStatus[state]}
          />
        ))}
      </ListPart>
    </ListScreen>
  )
}
