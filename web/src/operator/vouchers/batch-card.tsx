// One batch: what it is worth, where its vouchers stand, and what can be done with it now.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import type { Status } from '../../status.ts'
import { FactList } from '../../ui/fact-list.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { momentOf } from '../points/days.ts'
import { useMay } from '../who.ts'
import type { BatchState, ListedBatch } from './contract.ts'
import { FileForm } from './file-form.tsx'
import { SpanForm } from './span-form.tsx'

type Properties = { api: OperatorApi; batch: ListedBatch; onChanged: () => Promise<void> }
type Act = 'file' | 'activate' | 'block' | 'expire'

const acts: Readonly<Record<BatchState, readonly Act[]>> = {
  requested: ['file', 'block'],
  made: ['activate', 'block', 'expire'],
  active: ['activate', 'block', 'expire'],
  expired: [],
  blocked: [],
}
const statuses: Readonly<Record<BatchState, Status>> = {
  requested: ['wait', '待制卡', 'To be made'],
  made: ['wait', '未售', 'Not sold'],
  active: ['done', '已售', 'Sold'],
  expired: ['off', '已过期', 'Expired'],
  blocked: ['off', '已作废', 'Blocked'],
}

export function BatchCard({ api, batch, onChanged }: Properties) {
  const { t } = useTranslation('operatorVouchers')
  const mayChange = useMay('change')
  const [act, choose] = useState<Act | null>(null)
  const isOver = Date.now() >= Date.parse(batch.validUntil)
  const offered = acts[batch.state].filter(
    (one) => one === 'file' || one === 'block' || (one === 'expire') === isOver,
  )
  const back = () => choose(null)
  return (
    <article className="card approval">
      <header className="head">
        <h3>{t('batch', { name: batch.name, no: batch.no })}</h3>
        <StatusTag status={statuses[batch.state]} />
      </header>
      <FactList
        facts={[
          { label: t('amount'), value: t('yuan', { amount: formatFen(batch.amount) }) },
          { label: t('count'), value: batch.count },
          { label: t('vouchers'), value: t('counts', batch.vouchers) },
          { label: t('seller'), value: batch.seller },
          { label: t('until'), value: momentOf(batch.validUntil) },
          { label: t('people'), value: `${batch.askedBy}, ${batch.agreedBy}` },
        ]}
      />
      {mayChange && act === null && offered.length > 0 && (
        <div className="row approval-actions">
          {offered.map((one) => (
            <button key={one} type="button" className="button" onClick={() => choose(one)}>
              {t(`act.${one}`)}
            </button>
          ))}
        </div>
      )}
      {act === 'file' && <FileForm api={api} batch={batch} onDone={onChanged} onBack={back} />}
      {act !== null && act !== 'file' && (
        <SpanForm api={api} batch={batch} act={act} onDone={onChanged} onBack={back} />
      )}
    </article>
  )
}
