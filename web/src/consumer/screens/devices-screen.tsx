// Where one is signed in, and with what: each can be ended from here.
import { startRegistration } from '@simplewebauthn/browser'
import { Fingerprint, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import { momentName } from '../moment.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useSessions } from '../queries.ts'

type Registration = Parameters<typeof startRegistration>[0]['optionsJSON']

export function DevicesScreen() {
  const { t } = useTranslation('app')
  const sessions = useSessions()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isMade, setMade] = useState(false)
  const end = async (id: string) => {
    const answer = await consumerApi.remove(`/sessions/${id}`)
    setProblem(answer.ok ? null : answer.problem)
    await sessions.refetch()
  }
  const addPasskey = async () => {
    const asked = await consumerApi.post<{ id: string; options: Registration }>('/passkeys/options')
    if (!asked.ok) return setProblem(asked.problem)
    const { id, options } = asked.value
    // Closed by the reader: nothing happened.
    const response = await startRegistration({ optionsJSON: options }).catch(() => null)
    if (response === null) return
    const answer = await consumerApi.post('/passkeys', { id, response })
    setProblem(answer.ok ? null : answer.problem)
    setMade(answer.ok)
  }
  return (
    <>
      <ScreenHead title={t('devices.title')} back="/me" />
      {problem && <ProblemNote problem={problem} />}
      {sessions.isError && (
        <ProblemNote problem={problemIn(sessions.error)} onAgain={() => void sessions.refetch()} />
      )}
      {sessions.data === undefined && !sessions.isError && <Skeleton rows={2} />}
      <ul className="card list">
        {sessions.data?.items.map(({ id, device, seenAt, current }) => (
          <li key={id} className="entry">
            <span className="entry-icon">
              <Icon of={Smartphone} size={18} />
            </span>
            <span className="grow">
              <span className="entry-title">{device}</span>
              <small>
                {current
                  ? t('devices.here')
                  : t('devices.seen', { time: momentName(Date.parse(seenAt), Date.now(), t) })}
              </small>
            </span>
            {!current && (
              <ActionButton className="button button-small button-danger" onAct={() => end(id)}>
                {t('devices.end')}
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      <div className="below">
        <ActionButton className="button button-large wide" onAct={addPasskey}>
          <Icon of={Fingerprint} size={20} />
          {t('devices.add')}
        </ActionButton>
        <p className="fine muted" role="status">
          {isMade ? t('devices.made') : t('devices.why')}
        </p>
      </div>
    </>
  )
}
