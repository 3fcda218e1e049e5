// The smartphone: bubbles, quick replies, a thread list and the bill.
import { BatteryMedium, MessageSquareText, ReceiptText, Signal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { minuteOf } from '../../time.ts'
import { Icon } from '../../ui/icon.tsx'
import { useDemo } from '../demo-context.ts'
import type { Line, Merchant } from '../state.ts'
import { ArrivalNote } from './arrival-note.tsx'
import { Bill } from './bill.tsx'
import { SmartInbox } from './smart-inbox.tsx'
import { SmartThread } from './smart-thread.tsx'
import { SmartWrite } from './smart-write.tsx'
import { useHandset } from './use-handset.ts'

export function Smartphone({ line, merchants }: { line: Line; merchants: Merchant[] }) {
  const { t } = useTranslation('demo')
  const { now, zone } = useDemo()
  const handset = useHandset(line, merchants[0]?.number ?? '')
  const { view } = handset
  const onBill = view.name === 'bill'
  return (
    <section className="smartphone" aria-label={t('handset.smart')}>
      <div className="smart-screen">
        <div className="smart-status">
          <span className="num">{minuteOf(now, zone)}</span>
          <i />
          <span className="row">
            <Icon of={Signal} size={14} />
            <Icon of={BatteryMedium} size={18} />
          </span>
        </div>
        <ArrivalNote handset={handset} merchants={merchants} />
        {view.name === 'thread' && (
          <SmartThread key={view.peer} peer={view.peer} handset={handset} merchants={merchants} />
        )}
        {view.name === 'write' && <SmartWrite handset={handset} merchants={merchants} />}
        {view.name === 'inbox' && <SmartInbox handset={handset} merchants={merchants} />}
        {onBill && (
          <>
            <header className="smart-header">
              <b>{t('handset.bill')}</b>
            </header>
            <div className="smart-body">
              <Bill line={line} />
            </div>
          </>
        )}
        <nav className="smart-tabs">
          <button
            type="button"
            aria-current={!onBill}
            onClick={() => handset.show({ name: 'inbox' })}
          >
            <Icon of={MessageSquareText} size={20} />
            <small>{t('handset.messages')}</small>
          </button>
          <button
            type="button"
            aria-current={onBill}
            onClick={() => handset.show({ name: 'bill' })}
          >
            <Icon of={ReceiptText} size={20} />
            <small>{t('handset.bill')}</small>
          </button>
        </nav>
      </div>
    </section>
  )
}
