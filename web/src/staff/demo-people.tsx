// In the demo only: who may sign in, with the code of this moment, for people who have no authenticators at hand.
import { useTranslation } from 'react-i18next'
import { call } from '../api.ts'
import type { Role } from './session.ts'

export type DemoPerson = { login: string; role: Role }
export type DemoCredentials = { login: string; password: string; code: string }

/** The demo's own page leads here with this mark; nowhere else it is there. */
const isDemo = () => location.hash === '#demo'

type Properties = {
  people: readonly DemoPerson[]
  onPick: (credentials: DemoCredentials) => void
}

export function DemoPeople({ people, onPick }: Properties) {
  const { t } = useTranslation('staff')
  if (!isDemo()) return null
  const pick = async (login: string) => {
    const answer = await call<{ people: DemoCredentials[] }>('/demo/hall', { method: 'GET' })
    const person = answer.ok ? answer.value.people.find((one) => one.login === login) : undefined
    if (person) onPick(person)
  }
  return (
    <div className="demo-people">
      <span>{t('demo')}</span>
      {people.map(({ login, role }) => (
        <button
          key={login}
          type="button"
          className="button button-small"
          onClick={() => void pick(login)}
        >
          {t('who', { role: t(`role.${role}`), login })}
        </button>
      ))}
    </div>
  )
}
