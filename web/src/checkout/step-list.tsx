// Three steps, the present one marked.
import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import { type CheckoutState, type Step, stepsOf } from './checkout.ts'

export function StepList({ state }: { state: CheckoutState }) {
  const { t } = useTranslation('checkout')
  const [number, reply, result] = stepsOf(state)
  return (
    <ol className="steps" aria-label={t('steps.label')}>
      <StepItem place={1} step={number} name={t('steps.number')} />
      <StepItem place={2} step={reply} name={t('steps.reply')} />
      <StepItem place={3} step={result} name={t('steps.result')} />
    </ol>
  )
}

function StepItem({ place, step, name }: { place: number; step: Step; name: string }) {
  const here = step === 'current' || step === 'unknown'
  return (
    <li className={`step-${step}`} aria-current={here ? 'step' : undefined}>
      <i aria-hidden="true">
        {step === 'done' ? <Icon of={Check} size={13} /> : mark(step, place)}
      </i>
      {name}
    </li>
  )
}

function mark(step: Step, place: number): string {
  return step === 'unknown' ? '?' : String(place)
}
