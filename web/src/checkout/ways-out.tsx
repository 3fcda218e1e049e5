// No text, another number, or no wish to pay any more.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import type { Checkout } from './checkout.ts'
import { useAction } from './use-action.ts'

export function WaysOut({ checkout, now }: { checkout: Checkout; now: number }) {
  const { t } = useTranslation('checkout')
  const { busy, problem, post } = useAction(checkout.id)
  const [asking, setAsking] = useState(false)
  const [resent, setResent] = useState(false)
  const waitMs = (checkout.resendAfter ?? 0) - now
  const early = waitMs > 0
  const resend = async () => setResent(await post('resend'))
  return (
    <>
      <div className="ways">
        <span>
          {t('waiting.none')}{' '}
          {early ? (
            <span className="num muted" aria-live="off">
              {t('waiting.resendIn', { n: Math.ceil(waitMs / 1000) })}
            </span>
          ) : (
            <button
              type="button"
              className="link-button"
              disabled={busy}
              onClick={() => void resend()}
            >
              {t('waiting.resend')}
            </button>
          )}
        </span>
        <button
          type="button"
          className="link-button"
          disabled={busy}
          onClick={() => void post('change-number')}
        >
          {t('waiting.change')}
        </button>
        <button
          type="button"
          className="link-button"
          disabled={busy}
          onClick={() => setAsking(true)}
        >
          {t('waiting.cancel')}
        </button>
      </div>
      <p className="ways-note" role="status">
        {problem || (resent && early ? t('waiting.resent') : '')}
      </p>
      {asking && (
        <ConfirmDialog
          danger
          title={t('waiting.cancelTitle')}
          text={t('waiting.cancelText')}
          action={t('waiting.cancel')}
          onConfirm={() => void post('cancel')}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
