// The operator's page: behind the door of the staff, what differs, with whom, points, and who works here.
import { useTranslation } from 'react-i18next'
import { StaffDoor } from '../staff/staff-door.tsx'
import { Office } from './office.tsx'
import { createOperatorApi } from './operator-api.ts'
import { Trouble } from './trouble.tsx'
import { WhoContext } from './who.ts'

const demoPeople = [
  { login: '0801', role: 'operator' },
  { login: '0901', role: 'supervisor' },
  { login: '0800', role: 'admin' },
] as const

export function OperatorPage() {
  const { t } = useTranslation('operator')
  return (
    <StaffDoor
      title={t('title')}
      createApi={createOperatorApi}
      demoPeople={demoPeople}
      Trouble={Trouble}
    >
      {({ api, session, signOut, idleLeftMs }) => (
        <WhoContext value={session.person}>
          <Office api={api} signOut={signOut} idleLeftMs={idleLeftMs} />
        </WhoContext>
      )}
    </StaffDoor>
  )
}
