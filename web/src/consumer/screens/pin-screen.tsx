// The payment PIN is changed in three rounds: the old one, the new one, and the new one once more.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '../../api.ts'
import { consumerApi } from '../consumer-api.ts'
import { PinPad } from '../parts/pin-pad.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { queryClient } from '../queries.ts'

const steps = ['old', 'next', 'again'] as const

export function PinScreen() {
  const { t } = useTranslation('app')
  const [, go] = useLocation()
  const [typed, setTyped] = useState<readonly string[]>([])
  const [round, setRound] = useState(0)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [differs, setDiffers] = useState(false)

  async function change(old: string, next: string) {
    setBusy(true)
    const answer = await consumerApi.post('/pin', { old, new: next })
    setBusy(false)
    setTyped([])
    if (!answer.ok) return setProblem(answer.problem)
    await queryClient.invalidateQueries({ queryKey: ['me'] })
    go('/me')
  }

  function take(pin: string) {
    const [old, next] = typed
    setRound(round + 1)
    setProblem(null)
    setDiffers(false)
    if (old === undefined || next === undefined) return setTyped([...typed, pin])
    if (pin === next) return void change(old, next)
    setDiffers(true)
    setTyped([old])
  }

  const step = steps[typed.length] ?? 'again'
  return (
    <>
      <ScreenHead title={t('me.pin')} back="/me" />
      <section className="card panel">
        {problem && <ProblemNote problem={problem} />}
        {differs && <p className="problem">{t('pin.differs')}</p>}
        <PinPad label={t(`pin.${step}`)} disabled={busy} round={round} onPin={take} />
      </section>
    </>
  )
}
