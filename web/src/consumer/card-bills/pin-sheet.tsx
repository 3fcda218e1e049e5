// Asks for the PIN of an act that moves no money.
import { useTranslation } from 'react-i18next'
import { PinPad } from '../parts/pin-pad.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { useMoneyAct } from '../use-money-act.ts'

type Properties<T> = {
  title: string
  about: string
  money: ReturnType<typeof useMoneyAct<T>>
  /** What is sent with the PIN. */
  body: object
  onEnd: () => void
}

export function PinSheet<T>({ title, about, money, body, onEnd }: Properties<T>) {
  const { t } = useTranslation('app')
  const { act, tries, send, clear } = money
  const isBusy = act.is === 'busy'
  const enter = async (pin: string) => {
    const ended = await send({ ...body, pin })
    if (ended.is === 'done') onEnd()
  }
  const close = () => {
    clear()
    onEnd()
  }
  return (
    <Sheet title={title} locked={isBusy} onClose={close}>
      <p className="sheet-to">{about}</p>
      {act.is === 'refused' && <ProblemNote problem={act.problem} />}
      {act.is === 'lost' && <p className="problem">{t('lost')}</p>}
      <PinPad
        label={isBusy ? t('pin.busy') : t('pin.enter')}
        disabled={isBusy}
        round={tries}
        onPin={(pin) => void enter(pin)}
      />
    </Sheet>
  )
}
