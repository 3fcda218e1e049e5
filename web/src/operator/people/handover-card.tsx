// What opens a person's first session, shown this once. It leaves the page with this card.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { QrSquare } from '../../ui/qr-square.tsx'
import type { Handover } from './contract.ts'

type Properties = { handover: Handover; onClose: () => void }

export function HandoverCard({ handover, onClose }: Properties) {
  const { t } = useTranslation('operatorPeople')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { name, login, password, secret, uri } = handover
  return (
    <section className="card approval people-handover" aria-labelledby="handover">
      <h3 id="handover" tabIndex={-1} ref={heading}>
        {t('handover.title', { name, login })}
      </h3>
      <p className="lead">{t('handover.lead')}</p>
      <QrSquare className="people-qr" text={uri} label={t('handover.square')} />
      <dl>
        <dt className="people-secret-name">{t('handover.password')}</dt>
        <dd className="people-secret">
          <samp>{password}</samp>
        </dd>
        <dt className="people-secret-name">{t('handover.secret')}</dt>
        <dd className="people-secret">
          <samp>{secret}</samp>
        </dd>
      </dl>
      <div className="row approval-actions">
        <button type="button" className="button button-primary" onClick={onClose}>
          {t('handover.done')}
        </button>
      </div>
    </section>
  )
}
