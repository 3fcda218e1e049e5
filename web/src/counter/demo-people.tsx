// In the demo only: who may sign in, with the code of this moment, for a hall that has no authenticators at hand.
import { useTranslation } from 'react-i18next'
import { call } from '../api.ts'

export type DemoPerson = { login: string; name: string; password: string; code: string }

/** The demo's own page leads here with this mark; a real hall never has it. */
const isDemo = () => location.hash === '#demo'

const logins = ['0417', '0901']

export function DemoPeople({ onPick }: { onPick: (person: DemoPerson) => void }) {
  const { t } = useTranslation('counter')
  if (!isDemo()) return null
  const pick = async (login: string) => {
    const answer = await call<{ people: DemoPerson[] }>('/demo/hall', { method: 'GET' })
    const person = answer.ok ? answer.value.people.find((one) => one.login === login) : undefined
    if (person) onPick(person)
  }
  return (
    <div className="demo-people">
      <span>{t('demoPeople.lead')}</span>
      {logins.map((login) => (
        <button
          key={login}
          type="button"
          className="button button-small"
          onClick={() => void pick(login)}
        >
          {t(`demoPeople.${login as '0417' | '0901'}`)}
        </button>
      ))}
    </div>
  )
}
