// Faults on purpose: delay, loss and duplicates of texts, and how the carrier's billing behaves.
import { ChevronDown, RadioTower } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Group } from '../ui/group.tsx'
import { Icon } from '../ui/icon.tsx'
import { useDemo } from './demo-context.ts'
import { carrierBehaviours, type Network } from './state.ts'

type Option = { value: string; text: string }

const delaysMs = [0, 200, 1_000, 5_000, 30_000]
const percents = [0, 10, 30, 50, 100]

/** The server may stand at a value that is not on the list; it is then listed too. */
function withCurrent(values: readonly number[], current: number): number[] {
  return [...new Set([...values, current])].sort((first, second) => first - second)
}

export function NetworkControl({ network }: { network: Network }) {
  const { t } = useTranslation('demo')
  const { post } = useDemo()
  const set = (change: Partial<Network>) => void post('/demo/network', change)
  const percentOptions = (current: number): Option[] =>
    withCurrent(percents, current).map((percent) => ({
      value: String(percent),
      text: `${percent}%`,
    }))
  return (
    <Group className="network" label={t('network.label')}>
      <span className="network-icon">
        <Icon of={RadioTower} />
      </span>
      <Choice
        name={t('network.delay')}
        value={String(network.delayMs)}
        faulty={false}
        options={withCurrent(delaysMs, network.delayMs).map((ms) => ({
          value: String(ms),
          text: ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`,
        }))}
        onChoose={(value) => set({ delayMs: Number(value) })}
      />
      <Choice
        name={t('network.loss')}
        value={String(network.lossPercent)}
        faulty={network.lossPercent > 0}
        options={percentOptions(network.lossPercent)}
        onChoose={(value) => set({ lossPercent: Number(value) })}
      />
      <Choice
        name={t('network.duplicate')}
        value={String(network.duplicatePercent)}
        faulty={network.duplicatePercent > 0}
        options={percentOptions(network.duplicatePercent)}
        onChoose={(value) => set({ duplicatePercent: Number(value) })}
      />
      <Choice
        name={t('network.carrier')}
        value={network.carrier}
        faulty={network.carrier !== 'normal'}
        options={carrierBehaviours.map((behaviour) => ({
          value: behaviour,
          text: t(`network.behaviour.${behaviour}`),
        }))}
        onChoose={(value) => {
          const carrier = carrierBehaviours.find((behaviour) => behaviour === value)
          if (carrier) set({ carrier })
        }}
      />
    </Group>
  )
}

type ChoiceProperties = {
  name: string
  value: string
  faulty: boolean
  options: Option[]
  onChoose: (value: string) => void
}

function Choice({ name, value, faulty, options, onChoose }: ChoiceProperties) {
  return (
    <label className={faulty ? 'faulty' : undefined}>
      <span>{name}</span>
      <select className="num" value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} size={13} />
    </label>
  )
}
