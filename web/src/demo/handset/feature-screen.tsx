// The green screen: status line, one view, three soft-key labels.
import { BatteryMedium, MessageSquareText, Signal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { minuteOf } from '../../time.ts'
import { Icon } from '../../ui/icon.tsx'
import { useDemo } from '../demo-context.ts'
import type { Merchant } from '../state.ts'
import { ArrivalNote } from './arrival-note.tsx'
import { Bill } from './bill.tsx'
import { FeatureInbox, FeatureMenu } from './feature-lists.tsx'
import { FeatureThread } from './feature-thread.tsx'
import { FeatureWrite } from './feature-write.tsx'
import type { FeaturePhoneKeys, SoftKey } from './use-feature-phone.ts'
import type { Handset } from './use-handset.ts'

type Properties = { handset: Handset; keys: FeaturePhoneKeys; merchants: Merchant[] }

export function FeatureScreen({ handset, keys, merchants }: Properties) {
  const { t } = useTranslation('demo')
  const { now, zone } = useDemo()
  const { view } = handset
  const titles = {
    inbox: t('handset.inbox'),
    thread: view.name === 'thread' ? view.peer : '',
    write: t(view.name === 'write' && view.answering ? 'handset.reply' : 'handset.write'),
    bill: t('handset.bill'),
    menu: t('handset.menu'),
  }
  return (
    <div className="feature-screen">
      <div className="feature-status">
        <span>
          <Icon of={Signal} size={12} />
          {t('handset.carrier')}
        </span>
        <span className="num">
          {minuteOf(now, zone)}
          <Icon of={BatteryMedium} size={14} />
        </span>
      </div>
      <div className="feature-title">
        <Icon of={MessageSquareText} size={13} />
        <span className="num">{titles[view.name]}</span>
        {view.name === 'write' && <small>{handset.typing.mode === 'digits' ? '123' : 'ABC'}</small>}
      </div>
      <ArrivalNote handset={handset} merchants={merchants} />
      {view.name === 'inbox' && <FeatureInbox handset={handset} keys={keys} />}
      {view.name === 'menu' && <FeatureMenu keys={keys} />}
      {view.name === 'thread' && <FeatureThread thread={handset.thread} merchants={merchants} />}
      {view.name === 'write' && <FeatureWrite handset={handset} keys={keys} />}
      {view.name === 'bill' && <Bill line={handset.line} />}
      <div className="soft-keys">
        <SoftLabel soft={keys.left} />
        <SoftLabel soft={keys.middle} />
        <SoftLabel soft={keys.right} />
      </div>
    </div>
  )
}

function SoftLabel({ soft }: { soft: SoftKey }) {
  if (!soft) return <span />
  return (
    <button type="button" onClick={soft.act}>
      {soft.label}
    </button>
  )
}
