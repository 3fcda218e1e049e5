// The counter: behind the door of the staff, the desk.
import { useTranslation } from 'react-i18next'
import { StaffDoor } from '../staff/staff-door.tsx'
import { type CounterApi, createCounterApi } from './counter-api.ts'
import { Desk } from './desk.tsx'
import { Trouble } from './trouble.tsx'
import type { SessionView } from './views.ts'

const demoPeople = [
  { login: '0417', role: 'clerk' },
  { login: '0901', role: 'supervisor' },
] as const

export function CounterPage() {
  const { t } = useTranslation('counter')
  return (
    <StaffDoor<SessionView, CounterApi>
      title={t('title')}
      createApi={createCounterApi}
      demoPeople={demoPeople}
      Trouble={Trouble}
    >
      {(inside) => <Desk {...inside} />}
    </StaffDoor>
  )
}
