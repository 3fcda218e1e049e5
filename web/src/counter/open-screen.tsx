// Opening a wallet: who the owner is, and what he agrees to.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActFrame } from './act-frame.tsx'
import { AgreementStep } from './agreement-step.tsx'
import { useCounter } from './counter-context.ts'
import { DocumentFields, documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { Step } from './step.tsx'
import { useOwnerCheck } from './use-owner-check.ts'

export function OpenScreen() {
  const { t } = useTranslation('counter')
  const { session, atDesk } = useCounter()
  const { view, msisdn, document } = atDesk
  const owner = useOwnerCheck(document)
  const [agreed, setAgreed] = useState(false)
  const [signature, setSignature] = useState('')
  const { version } = session.agreement
  const first = view?.pin === null
  return (
    <ActFrame
      kind="open"
      facts={[
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? t('fact.afterwards') },
        { label: t('fact.agreement'), value: version },
      ]}
      {...(first && view ? { note: t('preview.pinNote', { number: view.msisdn }) } : {})}
      {...(first ? { message: t('preview.opened') } : {})}
      gaps={[...documentGaps(document, owner, true), { id: 'agreed', missing: !agreed }]}
      ask={() => ({
        path: '/acts/open',
        body: {
          msisdn,
          owner: ownerBody(document),
          agreement: { version, signature: signature === '' ? null : signature },
        },
      })}
    >
      <Step number={1} title={t('document.step')}>
        <div className="single">
          <DocumentFields check={owner} opening />
        </div>
      </Step>
      <AgreementStep number={2} agreed={agreed} onAgreed={setAgreed} onSigned={setSignature} />
    </ActFrame>
  )
}
