// Letting a card go: with the card on the desk, or without it with a reason and a second person.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/field.tsx'
import { ActFrame, useTried } from './act-frame.tsx'
import { cardDigits, groupedCard, isCardNumber } from './card-number.ts'
import { useCounter } from './counter-context.ts'
import { DocumentFields, documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { ReasonField } from './reason-field.tsx'
import { SecondPersonNote } from './second-person-note.tsx'
import { Step } from './step.tsx'
import { useOwnerCheck } from './use-owner-check.ts'
import type { CardView } from './views.ts'

export function UnbindForm({ bound }: { bound: CardView }) {
  const { t } = useTranslation('counter')
  const { view, msisdn, document } = useCounter().atDesk
  const owner = useOwnerCheck(document)
  const [isHere, setHere] = useState(true)
  const [number, setNumber] = useState('')
  const [reason, setReason] = useState('')
  return (
    <ActFrame
      kind="unbind"
      facts={[
        { label: t('fact.card'), value: bound.maskedNumber },
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? '' },
        ...(isHere ? [] : [{ label: t('fact.reason'), value: reason }]),
      ]}
      gaps={[
        ...documentGaps(document, owner),
        isHere
          ? { id: 'unbind-card', missing: !isCardNumber(number) }
          : { id: 'reason', missing: reason.trim() === '' },
      ]}
      question={{ text: t('question.unbind', { card: bound.maskedNumber }), danger: true }}
      ask={() => ({
        path: '/acts/unbind',
        body: {
          msisdn,
          owner: ownerBody(document),
          binding: bound.id,
          ...(isHere ? { card: number } : { reason: reason.trim() }),
        },
      })}
    >
      <Step number={1} title={t('document.step')}>
        <div className="single">
          <DocumentFields check={owner} />
        </div>
      </Step>
      <Step number={2} title={t('unbind.step')} {...(isHere ? {} : { end: <SecondPersonNote /> })}>
        <fieldset className="ways ways-inside">
          <legend className="visually-hidden">{t('unbind.step')}</legend>
          {[true, false].map((here) => (
            <label key={String(here)} data-chosen={here === isHere}>
              <input
                type="radio"
                name="here"
                checked={here === isHere}
                onChange={() => setHere(here)}
              />
              {t(here ? 'unbind.here' : 'unbind.lost')}
            </label>
          ))}
        </fieldset>
        {isHere ? (
          <CardOnDesk number={number} onNumber={setNumber} />
        ) : (
          <ReasonField value={reason} onChange={setReason} />
        )}
      </Step>
    </ActFrame>
  )
}

type CardProperties = { number: string; onNumber: (number: string) => void }

function CardOnDesk({ number, onNumber }: CardProperties) {
  const { t } = useTranslation('counter')
  const tried = useTried()
  return (
    <div className="single">
      <Field
        id="unbind-card"
        label={t('card.number')}
        hint={t('unbind.cardHint')}
        complaint={tried && !isCardNumber(number) ? t('card.numberWrong') : ''}
        inputMode="numeric"
        value={groupedCard(number)}
        onChange={(event) => onNumber(cardDigits(event.target.value))}
      />
    </div>
  )
}
