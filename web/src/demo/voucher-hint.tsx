// A top-up voucher to try: its code is shown here once, as on a card.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDemo } from './demo-context.ts'

export function VoucherHint() {
  const { t } = useTranslation('demo')
  const { post } = useDemo()
  const [code, setCode] = useState<string | null>(null)
  const get = async () => {
    const answer = await post<{ code: string }>('/demo/top-up-vouchers')
    if (answer.ok) setCode(answer.value.code.replace(/(\d{4})(?=\d)/g, '$1 '))
  }
  return (
    <li>
      {code === null ? (
        t('hint.voucher')
      ) : (
        <span role="status">{t('hint.voucherIs', { code })}</span>
      )}{' '}
      <button type="button" className="button button-small" onClick={() => void get()}>
        {t('hint.voucherGet')}
      </button>
    </li>
  )
}
