// Owner and card side by side, and between them whether both are one person; below, the customer's keypad.
import { BadgeCheck, CircleX, Equal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Gap, useTried } from './act-frame.tsx'
import { cardDigits, expiryOf, groupedCard, isCardNumber } from './card-number.ts'
import { DocumentFields } from './document-fields.tsx'
import { PinCells, pinLength } from './pin-cells.tsx'
import { Step } from './step.tsx'
import type { CardCheck } from './use-card-check.ts'
import type { OwnerCheck } from './use-owner-check.ts'
import type { Pin } from './use-pin.ts'
import { secretLength } from './use-secrets.ts'
import type { Secrets } from './use-tickets.ts'

export type TypedCard = { number: string; expiry: string; mobile: string }

export const noCard: TypedCard = { number: '', expiry: '', mobile: '' }

type Properties = {
  card: TypedCard
  onCard: (card: TypedCard) => void
  owner: OwnerCheck
  check: CardCheck
  pin: Pin
  /** Of a credit card. */
  securityCode: Pin
  /** Only a new card asks where the bank knows the customer by another number. */
  mobile: boolean
}

export function CardStep(properties: Properties) {
  const { card, onCard, owner, check, pin, securityCode, mobile } = properties
  const { t } = useTranslation('counter')
  const tried = useTried()
  const holder = check.view?.checks.find((one) => one.check === 'owner')
  return (
    <Step number={1} title={t('card.step')}>
      <div className="pair">
        <DocumentFields check={owner} />
        <div className="pair-sign" data-good={holder?.ok === true} aria-hidden="true">
          <span>
            <Icon of={Equal} size={22} />
          </span>
          <small>{t('card.same')}</small>
        </div>
        <CardFace card={card} onCard={onCard} check={check} mobile={mobile} />
      </div>
      <PinCells
        id="card-pin"
        pin={pin}
        label={t('card.pin')}
        hint={t('card.pinHint')}
        complaint={tried && isPartial(pin) ? t('card.pinShort') : ''}
      />
      {check.view?.kind === 'credit' && (
        <PinCells
          id="security-code"
          pin={securityCode}
          label={t('card.securityCode')}
          hint={t('card.securityCodeHint')}
          complaint={
            tried && securityCode.typed < secretLength.securityCode
              ? t('card.securityCodeShort')
              : ''
          }
          length={secretLength.securityCode}
        />
      )}
    </Step>
  )
}

type FaceProperties = Pick<Properties, 'card' | 'onCard' | 'check' | 'mobile'>

function CardFace({ card, onCard, check, mobile }: FaceProperties) {
  const { t, i18n } = useTranslation('counter')
  const tried = useTried()
  const { view } = check
  const isWholeNumber = isCardNumber(card.number)
  const bank = view?.bankName ? pick(view.bankName, i18n.language) : t('card.title')
  const isCredit = view?.kind === 'credit'
  return (
    <div className="paper card-face">
      <p className="paper-title">
        {bank}
        {view?.kind && ` · ${t(`cards.${view.kind}`)}`}
      </p>
      <Field
        id="card-number"
        label={t('card.number')}
        complaint={
          !isWholeNumber && (tried || card.number.length >= 16) ? t('card.numberWrong') : ''
        }
        inputMode="numeric"
        value={groupedCard(card.number)}
        onChange={(event) => onCard({ ...card, number: cardDigits(event.target.value) })}
      />
      {isCredit && (
        <Field
          id="card-expiry"
          label={t('card.expiry')}
          hint={t('card.expiryHint')}
          complaint={tried && expiryOf(card.expiry) === null ? t('card.expiryWrong') : ''}
          inputMode="numeric"
          maxLength={5}
          value={card.expiry}
          onChange={(event) => onCard({ ...card, expiry: event.target.value })}
        />
      )}
      {mobile && (
        <details className="more">
          <summary>{t('card.mobileOther')}</summary>
          <Field
            id="card-mobile"
            label={t('card.mobile')}
            type="tel"
            inputMode="numeric"
            value={card.mobile}
            onChange={(event) =>
              onCard({ ...card, mobile: cardDigits(event.target.value).slice(0, 11) })
            }
          />
        </details>
      )}
      <CardLine check={check} />
    </div>
  )
}

function CardLine({ check }: { check: CardCheck }) {
  const { t, i18n } = useTranslation('counter')
  const refusal = check.view?.checks.find(({ ok }) => !ok)?.refusal
  if (refusal) {
    return (
      <p className="match match-bad" role="status">
        <Icon of={CircleX} size={14} />
        <code>{refusal.code}</code>
        <span>{pick(refusal.words, i18n.language)}</span>
      </p>
    )
  }
  if (!check.view) return <p className="match" role="status" />
  return (
    <p className="match match-good" role="status">
      <Icon of={BadgeCheck} size={14} />
      {t('card.good')}
    </p>
  )
}

/** A PIN may be left out, for a bank that texts a code instead, but not begun and left. */
const isPartial = ({ typed }: Pin) => typed > 0 && typed < pinLength

type Given = { card: TypedCard; check: CardCheck; pin: Pin; securityCode: Pin }

export function cardGaps({ card, check, pin, securityCode }: Given): Gap[] {
  const refused = check.view?.checks.some(({ ok }) => !ok) ?? false
  const isCredit = check.view?.kind === 'credit'
  return [
    { id: 'card-number', missing: !isCardNumber(card.number) || check.busy || refused },
    { id: 'card-expiry', missing: isCredit && expiryOf(card.expiry) === null },
    { id: 'card-pin', missing: isPartial(pin) },
    {
      id: 'security-code',
      missing: isCredit && securityCode.typed < secretLength.securityCode,
    },
  ]
}

/** As the API takes it. */
export function cardBody(card: TypedCard): { number: string; expiry: string | null } {
  return { number: card.number, expiry: expiryOf(card.expiry) }
}

/** Read once, when it is sent. */
export function cardSecrets({ check, pin, securityCode }: Given): Secrets {
  return {
    ...(pin.typed > 0 ? { cardPin: pin.take() } : {}),
    ...(check.view?.kind === 'credit' ? { securityCode: securityCode.take() } : {}),
  }
}
