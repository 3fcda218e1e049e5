// The owner's word at the end of a sheet: by a passkey where the number has one, else, or one tap away, by the PIN.
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { Fingerprint } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import type { Proof } from '../passkey-proof.ts'
import { useMe } from '../queries.ts'
import type { MoneyAct } from '../use-money-act.ts'
import { PinPad } from './pin-pad.tsx'

type Properties = {
  /** What is confirmed, with its amount: heard with the button. */
  about: string
  act: MoneyAct<unknown>
  /** How often it was tried: each time the keypad begins anew. */
  tries: number
  /** A bank's own PIN, for which nothing stands. */
  onlyPin?: boolean
  onProof: (proof: Proof) => void
}

export function ProofPad({ about, act, tries, onlyPin = false, onProof }: Properties) {
  const { t } = useTranslation('app')
  const me = useMe()
  const [isPin, askPin] = useState(false)
  const isBusy = act.is === 'busy'
  if (!isPin && needsPin(act)) askPin(true)
  const hasPasskey = !onlyPin && me.data?.passkey === true && browserSupportsWebAuthn()
  return (
    <>
      {hasPasskey && (
        <div className="proof">
          {act.is === 'dismissed' && (
            <p className="note" role="status">
              {t('passkey.dismissed')}
            </p>
          )}
          <button
            type="button"
            className={`button button-large wide ${isPin ? '' : 'button-primary'}`}
            disabled={isBusy}
            onClick={() => onProof({ passkey: true })}
          >
            <Icon of={Fingerprint} size={20} />
            {t(isBusy && !isPin ? 'pin.busy' : 'passkey.confirm')}
            <span className="visually-hidden">{about}</span>
          </button>
          {!isPin && (
            <button
              type="button"
              className="button button-large wide"
              disabled={isBusy}
              onClick={() => askPin(true)}
            >
              {t('passkey.usePin')}
            </button>
          )}
        </div>
      )}
      {(isPin || !hasPasskey) && (
        <PinPad
          label={isBusy ? t('pin.busy') : t('pin.enter')}
          disabled={isBusy}
          round={tries}
          onPin={(pin) => onProof({ pin })}
        />
      )}
    </>
  )
}

/** The passkey was not accepted, there is none, or the card's bank wants its own PIN. */
const codes = ['AP-11', 'AP-17', 'AP-18']

function needsPin(act: MoneyAct<unknown>): boolean {
  if (act.is === 'dismissed') return true
  if (act.is !== 'refused' || act.problem.kind !== 'refused') return false
  return act.problem.code !== undefined && codes.includes(act.problem.code)
}
