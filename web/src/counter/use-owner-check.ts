// Whether the document on the desk is the owner's, asked as soon as it is whole.
import { useEffect, useState } from 'react'
import { useCounter } from './counter-context.ts'
import { type Document, isWhole } from './identity-document.ts'
import type { OwnerCheckView } from './views.ts'

/** `fresh`: the number has no owner yet. `unsure`: it could not be asked; the act itself will tell. */
export type OwnerCheck = 'none' | 'checking' | 'same' | 'differs' | 'fresh' | 'unsure'

/** A reader of documents types faster than this, and a person pauses longer. */
const pauseMs = 250

export function useOwnerCheck(document: Document): OwnerCheck {
  const { api, atDesk } = useCounter()
  const { msisdn } = atDesk
  const [check, setCheck] = useState<OwnerCheck>('none')
  const { name, documentNumber } = document
  useEffect(() => {
    if (!isWhole({ name, documentNumber })) return setCheck('none')
    let gone = false
    setCheck('checking')
    const timer = setTimeout(async () => {
      const owner = { name: name.trim(), documentNumber }
      const answer = await api.post<OwnerCheckView>('/customers/owner-check', { msisdn, owner })
      if (gone) return
      if (!answer.ok) return setCheck('unsure')
      const { registered, same } = answer.value
      setCheck(same ? 'same' : registered ? 'differs' : 'fresh')
    }, pauseMs)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [api, msisdn, name, documentNumber])
  return check
}

/** A number without an owner is opened first; for opening itself it is the usual case. */
export function isOwnerGood(check: OwnerCheck, opening = false): boolean {
  return check === 'same' || check === 'unsure' || (opening && check === 'fresh')
}

/** Known to be wrong. While it is being asked nobody waits for it: the act asks again. */
export function isOwnerBad(check: OwnerCheck, opening = false): boolean {
  return check === 'differs' || (!opening && check === 'fresh')
}
