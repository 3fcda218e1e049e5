// What somebody has asked for: another agrees with a fresh code of his own, or it is declined.
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { checkoutZone, dateTimeOf } from '../time.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { FactList } from '../ui/fact-list.tsx'
import type { Act, Party } from './contract.ts'
import type { OperatorApi } from './operator-api.ts'
import { SecondPersonFields, useSecondPerson } from './second-person.tsx'
import { Trouble } from './trouble.tsx'
import { useSend } from './use-send.ts'
import { useMay } from './who.ts'

type Properties = { api: OperatorApi; party: Party; act: Act; onDecided: () => Promise<void> }

export function WaitingAct({ api, party, act, onDecided }: Properties) {
  const { t } = useTranslation('operator')
  const { id, kind } = act
  const mayDecide = useMay('decide')
  const person = useSecondPerson(act.askedBy)
  const { busy, problem, send } = useSend()
  const decide = async (way: 'approve' | 'decline', body: object) => {
    const answer = await send(() => api.post<Act>(`/${party}-acts/${id}/${way}`, body))
    person.forget()
    if (answer.ok) await onDecided()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const second = person.asked()
    if (second && !busy) void decide('approve', second)
  }
  const asked = (
    <>
      {kind !== 'complete_file' && <h4>{t(`act.${kind}`)}</h4>}
      <FactList
        facts={[
          { label: t('waiting.by'), value: act.askedBy },
          { label: t('waiting.reason'), value: act.reason },
          {
            label: t('waiting.until'),
            value: dateTimeOf(Date.parse(act.expiresAt), checkoutZone),
          },
        ]}
      />
    </>
  )
  if (!mayDecide) return <div className="decision">{asked}</div>
  return (
    <form className="decision" onSubmit={submit} noValidate>
      {asked}
      <SecondPersonFields id={id} person={person} />
      <Trouble problem={problem} />
      <div className="row approval-actions">
        <button type="submit" className="button button-primary" disabled={busy} aria-busy={busy}>
          {t('waiting.approve')}
        </button>
        <ActionButton
          className="button button-danger"
          disabled={busy}
          onAct={() => decide('decline', {})}
        >
          {t('waiting.decline')}
        </ActionButton>
      </div>
    </form>
  )
}
