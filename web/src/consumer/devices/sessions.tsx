// Where one is signed in: each device can be signed out from here, and all others at once.
import { Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Session } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useSessions } from '../queries.ts'
import { useMoment } from './use-moment.ts'

export function Sessions() {
  const { t } = useTranslation('devices')
  const moment = useMoment()
  const sessions = useSessions()
  const [asked, ask] = useState<Session | 'others' | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isEnded, setEnded] = useState(false)
  const items = sessions.data?.items.toSorted((a, b) => Number(b.current) - Number(a.current))
  const others = items?.filter(({ current }) => !current) ?? []
  const end = async (id: string) => {
    const answer = await consumerApi.remove(`/sessions/${id}`)
    setProblem(answer.ok ? null : answer.problem)
    setEnded(answer.ok)
    await sessions.refetch()
  }
  const words =
    asked === 'others'
      ? ([t('endOthersAsk', { n: others.length }), t('endOthersText'), t('endOthers')] as const)
      : asked && [
          t('endAsk'),
          t('endText', { device: asked.device, time: moment(asked.seenAt) }),
          t('end'),
        ]
  return (
    <section aria-labelledby="sessions">
      <div className="section-head">
        <h2 id="sessions">{t('devices')}</h2>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {sessions.isError && (
        <ProblemNote problem={problemIn(sessions.error)} onAgain={() => void sessions.refetch()} />
      )}
      {sessions.data === undefined && !sessions.isError && <Skeleton rows={2} />}
      {items && (
        <ul className="card list">
          {items.map((session) => (
            <SessionRow key={session.id} session={session} onEnd={() => ask(session)} />
          ))}
        </ul>
      )}
      <div className="below">
        {others.length > 0 && (
          <button type="button" className="button button-large wide" onClick={() => ask('others')}>
            {t('endOthers')}
          </button>
        )}
        <p className="fine muted" role="status">
          {isEnded && t('ended')}
        </p>
      </div>
      {asked && words && (
        <ConfirmDialog
          title={words[0]}
          text={words[1]}
          action={words[2]}
          danger
          onConfirm={() => void end(asked === 'others' ? asked : asked.id)}
          onClose={() => ask(null)}
        />
      )}
    </section>
  )
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation('devices')
  const moment = useMoment()
  const { device, seenAt, signedInAt, current } = session
  return (
    <li className="entry">
      <span className="entry-icon">
        <Icon of={Smartphone} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title">{device}</span>
        <small>{current ? t('here') : t('seen', { time: moment(seenAt) })}</small>
        <small>{t('since', { time: moment(signedInAt) })}</small>
      </span>
      {!current && (
        <button
          type="button"
          className="button button-small button-danger"
          aria-label={t('endOne', { device })}
          onClick={onEnd}
        >
          {t('end')}
        </button>
      )}
    </li>
  )
}
