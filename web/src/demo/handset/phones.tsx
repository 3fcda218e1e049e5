// The two handsets side by side; on a narrow screen one at a time.
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { spacedMsisdn } from '../../msisdn.ts'
import { lineStatus } from '../../status.ts'
import { Group } from '../../ui/group.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Line, Merchant } from '../state.ts'
import { FeaturePhone } from './feature-phone.tsx'
import { Smartphone } from './smartphone.tsx'

type Properties = { lines: Line[]; merchants: Merchant[]; session: number }

/** A new `session` (after starting over) gives fresh phones: nothing half-typed survives. */
export function Phones({ lines, merchants, session }: Properties) {
  const { t } = useTranslation('demo')
  const [shown, setShown] = useState<'feature' | 'smart'>('feature')
  const [feature, ...others] = lines
  const [chosen, setChosen] = useState('')
  const smart = others.find((line) => line.msisdn === chosen) ?? others[0]
  return (
    <div className="phones" data-shown={shown}>
      <Group className="segments phone-switch" label={t('handset.which')}>
        <button
          type="button"
          aria-pressed={shown === 'feature'}
          onClick={() => setShown('feature')}
        >
          {t('handset.feature')}
        </button>
        <button type="button" aria-pressed={shown === 'smart'} onClick={() => setShown('smart')}>
          {t('handset.smart')}
        </button>
      </Group>
      {feature && (
        <div className="handset handset-feature">
          <Caption line={feature}>
            <b className="num">{spacedMsisdn(feature.msisdn)}</b>
          </Caption>
          <FeaturePhone key={session} line={feature} merchants={merchants} />
        </div>
      )}
      {smart && (
        <div className="handset handset-smart">
          <Caption line={smart}>
            <select
              className="num number-switch"
              aria-label={t('handset.number')}
              value={smart.msisdn}
              onChange={(event) => setChosen(event.target.value)}
            >
              {others.map((line) => (
                <option key={line.msisdn} value={line.msisdn}>
                  {spacedMsisdn(line.msisdn)}
                </option>
              ))}
            </select>
          </Caption>
          <Smartphone key={`${session}-${smart.msisdn}`} line={smart} merchants={merchants} />
        </div>
      )}
    </div>
  )
}

function Caption({ line, children }: { line: Line; children: ReactNode }) {
  const { t } = useTranslation('demo')
  const main = line.balance === undefined ? line.monthSpent : line.balance
  return (
    <div className="caption">
      <div className="row">
        {children}
        {line.status === 'suspended' && <StatusTag status={lineStatus.suspended} />}
      </div>
      <span>
        {t(line.billing === 'prepaid' ? 'handset.prepaid' : 'handset.postpaid')} ·{' '}
        {t(line.balance === undefined ? 'handset.month' : 'handset.balance')}{' '}
        <b className="num">{formatFen(main)}</b> · {t('handset.leftToday')}{' '}
        <b className="num">{formatFen(line.leftToday)}</b>
      </span>
    </div>
  )
}
