// Top-up vouchers: all batches, the newest first, and asking for another.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorApi } from '../operator-api.ts'
import { PagedList } from '../paged-list.tsx'
import { usePages } from '../use-pages.ts'
import { useMay } from '../who.ts'
import { BatchCard } from './batch-card.tsx'
import { BatchForm } from './batch-form.tsx'
import type { ListedBatch } from './contract.ts'

export function VouchersPage({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operatorVouchers')
  const mayChange = useMay('change')
  const [isAdding, add] = useState(false)
  const list = usePages<ListedBatch>(api, '/top-up-voucher-batches')
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('title')}</h2>
        {mayChange && !isAdding && (
          <button type="button" className="button button-primary" onClick={() => add(true)}>
            {t('add')}
          </button>
        )}
      </header>
      {isAdding && <BatchForm api={api} onAdded={list.reload} onBack={() => add(false)} />}
      <PagedList className="approvals" list={list} empty={t('none')}>
        {(batch) => <BatchCard api={api} batch={batch} onChanged={list.reload} />}
      </PagedList>
    </section>
  )
}
