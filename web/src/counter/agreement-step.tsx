// What the customer signs: the points aloud, a tick that it was read, and the pen where there is one.
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { useTried } from './act-frame.tsx'
import { useCounter } from './counter-context.ts'
import { SignaturePad } from './signature-pad.tsx'
import { Step } from './step.tsx'

type Properties = {
  number: number
  agreed: boolean
  onAgreed: (agreed: boolean) => void
  onSigned: (path: string) => void
}

export function AgreementStep({ number, agreed, onAgreed, onSigned }: Properties) {
  const { t, i18n } = useTranslation('counter')
  const { session } = useCounter()
  const tried = useTried()
  const { title, version, points } = session.agreement
  return (
    <Step
      number={number}
      title={t('agreement.title')}
      end={<span className="muted">{t('agreement.version', { version })}</span>}
    >
      <div className="signing">
        <div>
          <p className="paper-title">{pick(title, i18n.language)}</p>
          <ul className="points">
            {points.map((point) => (
              <li key={point.en}>{pick(point, i18n.language)}</li>
            ))}
          </ul>
          <label className="tick">
            <input
              id="agreed"
              type="checkbox"
              checked={agreed}
              aria-invalid={tried && !agreed}
              aria-describedby="agreed-note"
              onChange={(event) => onAgreed(event.target.checked)}
            />
            {t('agreement.agreed')}
          </label>
          <p className="note note-bad" id="agreed-note">
            {tried && !agreed && t('agreement.missing')}
          </p>
        </div>
        <SignaturePad onSigned={onSigned} />
      </div>
    </Step>
  )
}
