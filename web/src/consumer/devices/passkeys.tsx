// The passkeys of this number: made and removed by their owner alone. The last one may go, for a code still signs in.
import { browserSupportsWebAuthn, startRegistration } from '@simplewebauthn/browser'
import { Fingerprint } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { Icon } from '../../ui/icon.tsx'
import { consumerApi } from '../consumer-api.ts'
import type { Passkey } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useMe, usePasskeys, useSessions } from '../queries.ts'
import { useMoneyAct } from '../use-money-act.ts'
import { OwnerSheet, type Proof } from './owner-sheet.tsx'
import { useMoment } from './use-moment.ts'

type Asked = { id: string; options: Parameters<typeof startRegistration>[0]['optionsJSON'] }
type Said = 'added' | 'already' | 'removed'

export function Passkeys() {
  const { t } = useTranslation('devices')
  const passkeys = usePasskeys()
  const sessions = useSessions()
  const me = useMe()
  const [going, setGoing] = useState<Passkey | null>(null)
  const [isAdding, setAdding] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [said, say] = useState<Said | null>(null)
  const make = async ({ id, options }: Asked) => {
    setAdding(false)
    const made = await startRegistration({ optionsJSON: options }).catch((error: unknown) => error)
    // Closed by the reader: nothing happened.
    if (made instanceof Error) return say(made.name === 'InvalidStateError' ? 'already' : null)
    const answer = await consumerApi.post('/passkeys', { id, response: made })
    setProblem(answer.ok ? null : answer.problem)
    say(answer.ok ? 'added' : null)
    // Whoever has it may confirm with it from now on.
    await Promise.all([passkeys.refetch(), me.refetch()])
  }
  const forgotten = async () => {
    setGoing(null)
    say('removed')
    await Promise.all([passkeys.refetch(), sessions.refetch()])
  }
  return (
    <section aria-labelledby="passkeys">
      <div className="section-head">
        <h2 id="passkeys">{t('passkeys')}</h2>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {passkeys.isError && (
        <ProblemNote problem={problemIn(passkeys.error)} onAgain={() => void passkeys.refetch()} />
      )}
      {passkeys.data === undefined && !passkeys.isError && <Skeleton rows={1} />}
      {passkeys.data?.items.length === 0 && <p className="card empty">{t('none')}</p>}
      {passkeys.data !== undefined && passkeys.data.items.length > 0 && (
        <ul className="card list">
          {passkeys.data.items.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => setGoing(passkey)} />
          ))}
        </ul>
      )}
      <div className="below">
        {browserSupportsWebAuthn() && (
          <button
            type="button"
            className="button button-large wide"
            onClick={() => setAdding(true)}
          >
            <Icon of={Fingerprint} size={20} />
            {t('add')}
          </button>
        )}
        <p className="fine muted" role="status">
          {t(said ?? (browserSupportsWebAuthn() ? 'addText' : 'unsupported'))}
        </p>
      </div>
      {isAdding && <AddSheet onOptions={make} onClose={() => setAdding(false)} />}
      {going && (
        <RemoveSheet passkey={going} onRemoved={forgotten} onClose={() => setGoing(null)} />
      )}
    </section>
  )
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const { t } = useTranslation('devices')
  const moment = useMoment()
  const { device, madeAt, usedAt, current, confirms } = passkey
  return (
    <li className="entry">
      <span className="entry-icon entry-icon-plum">
        <Icon of={Fingerprint} size={18} />
      </span>
      <span className="grow">
        <span className="entry-title">{device}</span>
        {current && <small>{t('current')}</small>}
        <small>{t(confirms ? 'confirms' : 'signsInOnly')}</small>
        <small>{usedAt === null ? t('unused') : t('used', { time: moment(usedAt) })}</small>
        <small>{t('made', { time: moment(madeAt) })}</small>
      </span>
      <button
        type="button"
        className="button button-small button-danger"
        aria-label={t('removeOne', { device })}
        onClick={onRemove}
      >
        {t('remove')}
      </button>
    </li>
  )
}

type AddProperties = { onOptions: (asked: Asked) => Promise<void>; onClose: () => void }

function AddSheet({ onOptions, onClose }: AddProperties) {
  const { t } = useTranslation('devices')
  const me = useMe()
  const { act, tries, send } = useMoneyAct<Asked>('/passkeys/options')
  const prove = async (proof: Proof) => {
    const ended = await send(proof)
    if (ended.is === 'done') await onOptions(ended.value)
  }
  return (
    <OwnerSheet
      title={t('add')}
      asksPin={me.data?.pin !== 'none'}
      about={t('here')}
      text={t('addText')}
      action={t('add')}
      act={act}
      tries={tries}
      onProve={(proof) => void prove(proof)}
      onClose={onClose}
    />
  )
}

type RemoveProperties = { passkey: Passkey; onRemoved: () => Promise<void>; onClose: () => void }

function RemoveSheet({ passkey: { id, device, madeAt }, onRemoved, onClose }: RemoveProperties) {
  const { t } = useTranslation('devices')
  const moment = useMoment()
  const me = useMe()
  const { act, tries, send } = useMoneyAct<null>(`/passkeys/${id}/remove`)
  const prove = async (proof: Proof) => {
    const ended = await send(proof)
    // One that is no longer there was removed before.
    const isGone = ended.is === 'refused' && isMissing(ended.problem)
    if (ended.is === 'done' || isGone) await onRemoved()
  }
  return (
    <OwnerSheet
      title={t('removeSheet')}
      asksPin={me.data?.pin === 'set'}
      about={`${device}, ${t('made', { time: moment(madeAt) })}`}
      text={t('removeText')}
      action={t('remove')}
      isDanger
      act={act}
      tries={tries}
      onProve={(proof) => void prove(proof)}
      onClose={onClose}
    />
  )
}

const isMissing = (problem: Problem) => problem.kind === 'refused' && problem.status === 404
