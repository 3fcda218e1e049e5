// A slip as it was printed, for looking at without paper.
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { pick } from '../names.ts'
import { FactList } from '../ui/fact-list.tsx'
import { Logo } from '../ui/logo.tsx'
import { useModal } from '../ui/use-modal.ts'
import { useCounter } from './counter-context.ts'
import { PrintButton } from './print-button.tsx'
import { Trouble } from './trouble.tsx'
import type { VoucherView } from './views.ts'

type Properties = { number: string; onClose: () => void }

export function VoucherDialog({ number, onClose }: Properties) {
  const { t, i18n } = useTranslation('counter')
  const { api } = useCounter()
  const dialog = useRef<HTMLDialogElement>(null)
  const [voucher, setVoucher] = useState<VoucherView | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  useModal(dialog)
  useEffect(() => {
    void api.get<VoucherView>(`/vouchers/${number}`).then((answer) => {
      if (answer.ok) setVoucher(answer.value)
      else setProblem(answer.problem)
    })
  }, [api, number])
  const { language } = i18n
  return (
    <dialog ref={dialog} className="dialog" aria-label={t('voucher.title')} onClose={onClose}>
      <div className="slip">
        <p className="slip-head">
          <Logo size={22} />
          <b className="grow">{t('preview.title')}</b>
          <span className="muted num">{number}</span>
        </p>
        {!voucher && !problem && <div className="skeleton slip-skeleton" aria-hidden="true" />}
        {voucher && (
          <FactList
            facts={voucher.lines.map(({ label, value }) => ({
              label: pick(label, language),
              value: typeof value === 'string' ? value : pick(value, language),
            }))}
          />
        )}
        {voucher?.note && <p className="slip-note">{pick(voucher.note, language)}</p>}
      </div>
      <Trouble problem={problem} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t('voucher.close')}
        </button>
        {voucher && <PrintButton number={number} primary />}
      </div>
    </dialog>
  )
}
