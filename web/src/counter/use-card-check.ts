// Our own rules for a card, one by one, asked as soon as document and number are whole. No bank is asked yet.
import { useEffect, useState } from 'react'
import type { Problem } from '../api.ts'
import { isCardNumber } from './card-number.ts'
import { useCounter } from './counter-context.ts'
import { type Document, isWhole } from './identity-document.ts'
import type { CardCheckView } from './views.ts'

export type CardCheck = {
  busy: boolean
  view: CardCheckView | null
  problem: Problem | null
}

const nothing: CardCheck = { busy: false, view: null, problem: null }
const pauseMs = 300

type Given = {
  document: Document
  number: string
  expiry: string | null
  binding: string | null
}

export function useCardCheck({ document, number, expiry, binding }: Given): CardCheck {
  const { api, atDesk } = useCounter()
  const { msisdn } = atDesk
  const [check, setCheck] = useState(nothing)
  const { name, documentNumber } = document
  useEffect(() => {
    if (!isWhole({ name, documentNumber }) || !isCardNumber(number)) return setCheck(nothing)
    let gone = false
    setCheck({ ...nothing, busy: true })
    const timer = setTimeout(async () => {
      const owner = { name: name.trim(), documentNumber }
      const card = { number, expiry }
      const asked = { msisdn, owner, card, binding }
      const answer = await api.post<CardCheckView>('/cards/check', asked)
      if (gone) return
      setCheck(
        answer.ok ? { ...nothing, view: answer.value } : { ...nothing, problem: answer.problem },
      )
    }, pauseMs)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [api, msisdn, name, documentNumber, number, expiry, binding])
  return check
}

export function isCardGood({ view, busy, problem }: CardCheck): boolean {
  if (busy) return false
  return problem !== null || (view?.checks.every(({ ok }) => ok) ?? false)
}
