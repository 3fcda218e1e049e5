// One person: what he may do, whether he can come in, and what an admin does about it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api.ts'
import type { Status } from '../../status.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import { useWho } from '../who.ts'
import type { Handover, KeptPerson } from './contract.ts'
import { RolesForm } from './roles-form.tsx'

type Properties = {
  api: OperatorApi
  person: KeptPerson
  onChanged: () => Promise<void>
  onReset: (handover: Handover) => Promise<void>
}

/** Each is asked about first. */
const graves = ['reset', 'disable'] as const
type Grave = (typeof graves)[number]

export function PersonCard({ api, person, onChanged, onReset }: Properties) {
  const { t } = useTranslation('operatorPeople')
  const { t: all } = useTranslation('operator')
  const { t: door } = useTranslation('staff')
  const [asked, ask] = useState<Grave | null>(null)
  const [isNaming, setNaming] = useState(false)
  const { problem, send } = useSend()
  const isOwn = useWho().login === person.login
  const { login, name, office, roles, lockedUntil, disabledAt, createdAt } = person
  const post = <T,>(change: string): Promise<Answer<T>> =>
    send(() => api.post<T>(`/people/${login}/${change}`))
  const change = async (way: 'unlock' | 'disable' | 'enable') => {
    const answer = await post<KeptPerson>(way)
    if (answer.ok) await onChanged()
  }
  const reset = async () => {
    const answer = await post<Handover>('reset')
    if (answer.ok) await onReset(answer.value)
  }
  return (
    <article className="card approval" aria-label={name}>
      <header className="head">
        <h3>{name}</h3>
        <StatusTag status={statusOf(person)} />
      </header>
      <FactList
        facts={[
          { label: t('login'), value: login },
          {
            label: t('roles'),
            value: roles.map((role) => door(`role.${role}`)).join(all('between')),
          },
          { label: t('office'), value: office },
          { label: t('added'), value: momentOf(createdAt) },
          ...(lockedUntil === null
            ? []
            : [{ label: t('lockedUntil'), value: momentOf(lockedUntil) }]),
        ]}
      />
      <Trouble problem={problem} />
      {isOwn && <p className="fine">{t('own')}</p>}
      {!isOwn && isNaming && (
        <RolesForm api={api} person={person} onDone={onChanged} onBack={() => setNaming(false)} />
      )}
      {!isOwn && !isNaming && (
        <div className="row approval-actions">
          <button type="button" className="button" onClick={() => setNaming(true)}>
            {t('change.roles')}
          </button>
          <button type="button" className="button" onClick={() => ask('reset')}>
            {t('change.reset')}
          </button>
          {lockedUntil !== null && (
            <ActionButton className="button" onAct={() => change('unlock')}>
              {t('change.unlock')}
            </ActionButton>
          )}
          {disabledAt === null ? (
            <button type="button" className="button button-danger" onClick={() => ask('disable')}>
              {t('change.disable')}
            </button>
          ) : (
            <ActionButton className="button" onAct={() => change('enable')}>
              {t('change.enable')}
            </ActionButton>
          )}
        </div>
      )}
      {asked && (
        <ConfirmDialog
          danger
          title={t(`sure.${asked}.title`, { name })}
          text={t(`sure.${asked}.text`)}
          action={t(`change.${asked}`)}
          onConfirm={() => void (asked === 'reset' ? reset() : change('disable'))}
          onClose={() => ask(null)}
        />
      )}
    </article>
  )
}

const momentOf = (at: string) => dateTimeOf(Date.parse(at), checkoutZone)

function statusOf({ disabledAt, lockedUntil, passwordIsInitial }: KeptPerson): Status {
  if (disabledAt !== null) return ['off', '已停用', 'Blocked']
  if (lockedUntil !== null) return ['held', '已锁定', 'Locked']
  return passwordIsInitial
    ? ['wait', '待首次登录', 'Not signed in yet']
    : ['done', '正常', 'Active']
}
