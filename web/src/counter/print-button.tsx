// The slip as a PDF in a tab of its own, ready for the printer; saved where no tab may be opened.
import { Printer } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { Icon } from '../ui/icon.tsx'
import { useCounter } from './counter-context.ts'
import { Trouble } from './trouble.tsx'

/** Long enough for the other tab to have read it. */
const keptMs = 60_000

export function PrintButton({ number, primary = false }: { number: string; primary?: boolean }) {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const print = async () => {
    setBusy(true)
    setProblem(null)
    const answer = await api.file(`/vouchers/${number}/prints`)
    setBusy(false)
    if (answer.ok) openPdf(answer.value, `${number}.pdf`)
    else setProblem(answer.problem)
  }
  return (
    <>
      <button
        type="button"
        className={primary ? 'button button-primary' : 'button button-small'}
        disabled={busy}
        aria-busy={busy}
        aria-label={t('voucher.printLabel', { number })}
        data-first={primary || undefined}
        onClick={() => void print()}
      >
        <Icon of={Printer} />
        {t('voucher.print')}
      </button>
      {problem && <Trouble problem={problem} />}
    </>
  )
}

function openPdf(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  if (!open(address, '_blank')) {
    const link = document.createElement('a')
    link.href = address
    link.download = name
    link.click()
  }
  setTimeout(() => URL.revokeObjectURL(address), keptMs)
}
