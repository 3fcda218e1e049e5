// Whether the message centre and the carrier's billing are reachable, in words and in form.
import { useTranslation } from 'react-i18next'
import type { Links } from './state.ts'

type Form = 'up' | 'busy' | 'down'

export function LinkStates({ links: { smsc, boss } }: { links: Links }) {
  const { t } = useTranslation('demo')
  const formOf = (up: boolean, open: number): Form => {
    if (!up) return 'down'
    return open > 0 ? 'busy' : 'up'
  }
  const smscWords = smsc.up ? t('links.bound', { n: smsc.bound }) : t('links.down')
  const queued = smsc.queued > 0 ? ` · ${t('links.queued', { n: smsc.queued })}` : ''
  const bossWords = boss.up ? t('links.unanswered', { n: boss.unanswered }) : t('links.down')
  return (
    <ul className="links" aria-label={t('links.label')}>
      <li data-form={formOf(smsc.up, smsc.queued)}>
        <i />
        SMSC <b className="num">{smscWords + queued}</b>
      </li>
      <li data-form={formOf(boss.up, boss.unanswered)}>
        <i />
        BOSS <b className="num">{bossWords}</b>
      </li>
    </ul>
  )
}
