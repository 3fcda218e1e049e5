// Asks for the PIN, or a passkey in its place, of an act that moves no money.
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ProofPad } from '../parts/proof-pad.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { Proof } from '../passkey-proof.ts'
import type { useMoneyAct } from '../use-money-act.ts'

type Properties<T> = {
  title: string
  about: string
  money: ReturnType<typeof useMoneyAct<T>>
  /** What is sent with the PIN. */
  body: object
  onlyPin?: boolean
  onEnd: () => void
}

export function PinSheet<T>({ title, about, money, body, onlyPin = false, onEnd }: Properties<T>) {
  const { t } = useTranslation('app')
  const { act, tries, send, clear } = money
  const isBusy = act.is === 'busy'
  const enter = async (proof: Proof) => {
    const ended = await send({ ...body, ...proof })
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
      <ProofPad
        about={`${title} ${about}`}
        act={act}
        tries={tries}
        onlyPin={onlyPin}
        onProof={(proof) => void enter(proof)}
      />
    </Sheet>
  )
}
