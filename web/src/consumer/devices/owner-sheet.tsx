// Before it is changed how one signs in: the PIN, or where none can be asked for a yes and a sign-in that is not old.
import { useTranslation } from 'react-i18next'
import { PinPad } from '../parts/pin-pad.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { MoneyAct } from '../use-money-act.ts'

export type Proof = { pin?: string }

type Properties = {
  title: string
  about: string
  text: string
  action: string
  isDanger?: boolean
  asksPin: boolean
  act: MoneyAct<unknown>
  tries: number
  onProve: (proof: Proof) => void
  onClose: () => void
}

export function OwnerSheet(properties: Properties) {
  const { title, about, text, action, isDanger = false, asksPin } = properties
  const { act, tries, onProve, onClose } = properties
  const { t } = useTranslation('app')
  const { t: own } = useTranslation('devices')
  const isBusy = act.is === 'busy'
  return (
    <Sheet title={title} locked={isBusy} onClose={onClose}>
      <div className="owner-sheet">
        <p className="sheet-to">{about}</p>
        <p className="note">{text}</p>
        {(act.is === 'refused' || act.is === 'lost') && <ProblemNote problem={act.problem} />}
        {!asksPin && (
          <>
            <p className="note">{own('recent')}</p>
            <button
              type="button"
              className={`button button-large wide ${isDanger ? 'button-danger' : 'button-primary'}`}
              disabled={isBusy}
              onClick={() => onProve({})}
            >
              {action}
            </button>
          </>
        )}
      </div>
      {asksPin && (
        <PinPad
          label={t(isBusy ? 'pin.busy' : 'pin.enter')}
          disabled={isBusy}
          round={tries}
          onPin={(pin) => onProve({ pin })}
        />
      )}
    </Sheet>
  )
}
