// The demo's clock: it can be stopped and moved forward, never back.
import { Clock, Pause, Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { dateOf, secondOf } from '../time.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { Group } from '../ui/group.tsx'
import { Icon } from '../ui/icon.tsx'
import { useDemo } from './demo-context.ts'

export function ClockControl({ paused }: { paused: boolean }) {
  const { t } = useTranslation('demo')
  const { now, zone, post } = useDemo()
  const date = dateOf(now, zone)
  const set = (change: object) => () => post('/simulator/clock', change)
  return (
    <Group className="clock" label={t('clock.label')}>
      <Icon of={Clock} />
      <b className="num">
        <span className="year">{date.slice(0, 5)}</span>
        {date.slice(5)} {secondOf(now, zone)}
      </b>
      <ActionButton
        className="button button-small"
        label={t(paused ? 'clock.resume' : 'clock.pause')}
        onAct={set({ paused: !paused })}
      >
        <Icon of={paused ? Play : Pause} size={15} />
        <span className="wide">{t(paused ? 'clock.resume' : 'clock.pause')}</span>
      </ActionButton>
      <ActionButton className="button button-small" onAct={set({ advance: 'PT1H' })}>
        {t('clock.hour')}
      </ActionButton>
      <ActionButton className="button button-small" onAct={set({ advance: 'P1D' })}>
        {t('clock.day')}
      </ActionButton>
    </Group>
  )
}
