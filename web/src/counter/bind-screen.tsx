// Binding a card: document and card, the rules one by one, the agreement, then the bank.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { ActFrame } from './act-frame.tsx'
import { AgreementStep } from './agreement-step.tsx'
import { CardStep, cardBody, cardGaps, cardSecrets } from './card-step.tsx'
import { CheckList } from './check-list.tsx'
import { useCounter } from './counter-context.ts'
import { documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { useCardForm } from './use-card-form.ts'

export function BindScreen() {
  const { t, i18n } = useTranslation('counter')
  const { session, atDesk } = useCounter()
  const form = useCardForm()
  const [agreed, setAgreed] = useState(false)
  const [signature, setSignature] = useState('')
  const { card, check, owner } = form
  const { view, msisdn, document } = atDesk
  const { version } = session.agreement
  const bankName = check.view?.bankName
  const bank = bankName ? pick(bankName, i18n.language) : t('fact.bank')
  const first = view?.pin === null
  return (
    <ActFrame
      kind="bind"
      facts={[
        { label: t('fact.card'), value: check.view?.maskedNumber ?? '' },
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? '' },
        { label: t('fact.agreement'), value: version },
      ]}
      {...(first && view ? { note: t('preview.pinNote', { number: view.msisdn }) } : {})}
      message={t(first ? 'preview.boundFirst' : 'preview.bound', {
        bank,
        tail: card.number.slice(-4) || '····',
      })}
      gaps={[
        ...documentGaps(document, owner),
        ...cardGaps(form),
        { id: 'agreed', missing: !agreed },
      ]}
      warning={t('submit.unknownNote')}
      ask={() => ({
        path: '/acts/bind',
        body: {
          msisdn,
          owner: ownerBody(document),
          card: cardBody(card),
          mobileAtBank: card.mobile === '' ? null : card.mobile,
          agreement: { version, signature: signature === '' ? null : signature },
        },
        secrets: cardSecrets(form),
      })}
    >
      <CardStep {...form} onCard={form.setCard} mobile />
      <CheckList number={2} check={check} agreed={agreed} />
      <AgreementStep number={3} agreed={agreed} onAgreed={setAgreed} onSigned={setSignature} />
    </ActFrame>
  )
}
