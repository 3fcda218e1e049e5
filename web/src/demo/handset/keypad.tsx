// The twelve keys. A press with a mouse, a finger or the space bar is the same press.
import { useTranslation } from 'react-i18next'
import { Group } from '../../ui/group.tsx'

const keys = [
  ['1', '.,?'],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', '+'],
  ['0', '␣'],
  ['#', '⇧'],
] as const

export function Keypad({ onPress }: { onPress: (key: string) => void }) {
  const { t } = useTranslation('demo')
  return (
    <Group className="keypad" label={t('handset.keypad')}>
      {keys.map(([key, letters]) => (
        <button type="button" key={key} aria-label={key} onClick={() => onPress(key)}>
          <b>{key}</b>
          <small>{letters}</small>
        </button>
      ))}
    </Group>
  )
}
