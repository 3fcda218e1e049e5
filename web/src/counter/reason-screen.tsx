// A new PIN, a new SIM: for the owner at the desk, with a reason, and only with a second person.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActFrame } from './act-frame.tsx'
import { useCounter } from './counter-context.ts'
import { DocumentFields, documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { ReasonField } from './reason-field.tsx'
import { SecondPersonNote } from './second-person-note.tsx'
import { Step } from './step.tsx'
import { useOwnerCheck } from './use-owner-check.ts'

const paths = { pin_reset: '/acts/pin-reset', sim_change: '/acts/sim-change' } as const

export function ReasonScreen({ kind }: { kind: keyof typeof paths }) {
  const { t } = useTranslation('counter')
  const { view, msisdn, document } = useCounter().atDesk
  const owner = useOwnerCheck(document)
  const [reason, setReason] = useState('')
  const number = view?.msisdn ?? ''
  return (
    <ActFrame
      kind={kind}
      facts={[
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? '' },
        { label: t('fact.reason'), value: reason },
      ]}
      note={t(kind === 'pin_reset' ? 'preview.pinNote' : 'preview.simNote', { number })}
      {...(kind === 'pin_reset' ? { message: t('preview.pinReset') } : {})}
      gaps={[...documentGaps(document, owner), { id: 'reason', missing: reason.trim() === '' }]}
      question={{ text: t(`question.${kind}`, { number }) }}
      ask={() => ({
        path: paths[kind],
        body: { msisdn, owner: ownerBody(document), reason: reason.trim() },
      })}
    >
      <Step number={1} title={t('document.step')}>
        <div className="single">
          <DocumentFields check={owner} />
        </div>
      </Step>
      <Step number={2} title={t('reason.step')} end={<SecondPersonNote />}>
        <ReasonField value={reason} onChange={setReason} />
      </Step>
    </ActFrame>
  )
}
