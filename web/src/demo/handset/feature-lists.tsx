// The inbox and the options menu: chosen with the pad, with a figure, or by touching a row.
import { useTranslation } from 'react-i18next'
import { shortMomentOf } from '../../time.ts'
import { useDemo } from '../demo-context.ts'
import type { FeaturePhoneKeys } from './use-feature-phone.ts'
import type { Handset } from './use-handset.ts'

export function FeatureInbox({ handset, keys }: { handset: Handset; keys: FeaturePhoneKeys }) {
  const { t } = useTranslation('demo')
  const { now, zone } = useDemo()
  if (handset.threads.length === 0) {
    return <p className="feature-body feature-empty">{t('handset.emptyInbox')}</p>
  }
  return (
    <ul className="feature-body feature-list">
      {handset.threads.map(({ peer, last }, index) => (
        <li key={peer}>
          <button
            type="button"
            aria-current={index === keys.selected}
            onClick={() => keys.choose(index)}
          >
            <span className="num">{peer}</span>
            <small className="num">{shortMomentOf(last.at, now, zone)}</small>
            <span className="excerpt">{last.text}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

export function FeatureMenu({ keys }: { keys: FeaturePhoneKeys }) {
  return (
    <ol className="feature-body feature-list">
      {keys.menu.map(({ label, act }, index) => (
        <li key={label}>
          <button type="button" aria-current={index === keys.selected} onClick={act}>
            <span>
              {index + 1} {label}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
