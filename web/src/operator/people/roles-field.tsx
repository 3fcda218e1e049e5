// What a person may do, role by role. Who says what others may do has no other role.
import { useTranslation } from 'react-i18next'
import type { Role } from '../../staff/session.ts'
import { Group } from '../../ui/group.tsx'
import { allRoles } from './contract.ts'

type Properties = { chosen: readonly Role[]; complaint: string; onChange: (roles: Role[]) => void }

export function RolesField({ chosen, complaint, onChange }: Properties) {
  const { t } = useTranslation('operatorPeople')
  const { t: door } = useTranslation('staff')
  return (
    <Group className="choices people-roles" label={t('roles')}>
      <span className="choices-label">{t('roles')}</span>
      {allRoles.map((role) => (
        <label key={role} className="tick">
          <input
            type="checkbox"
            checked={chosen.includes(role)}
            onChange={() => onChange(toggled(chosen, role))}
          />
          <span>
            {door(`role.${role}`)}
            <small className="people-may">{t(`may.${role}`)}</small>
          </span>
        </label>
      ))}
      <p className="note note-bad">{complaint}</p>
    </Group>
  )
}

function toggled(chosen: readonly Role[], role: Role): Role[] {
  if (chosen.includes(role)) return chosen.filter((one) => one !== role)
  return role === 'admin' ? [role] : [...chosen.filter((one) => one !== 'admin'), role]
}
