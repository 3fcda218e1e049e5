// Whose bills can be paid: accounts that are kept first, then all billers, then what was paid.
import {
  ChevronRight,
  Droplets,
  Flame,
  type LucideIcon,
  ReceiptText,
  Smartphone,
  Zap,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useBillers, useKeptAccounts, usePaidBills } from './bills-queries.ts'
import type { Biller, BillerKind } from './contract.ts'

const icons: Readonly<Record<BillerKind, LucideIcon>> = {
  water: Droplets,
  power: Zap,
  gas: Flame,
  phone: ReceiptText,
  top_up: Smartphone,
}

export function BillersScreen() {
  const { t, i18n } = useTranslation('bills')
  const billers = useBillers()
  const all = billers.data?.items
  return (
    <>
      <ScreenHead title={t('title')} />
      {billers.isError && (
        <ProblemNote problem={problemIn(billers.error)} onAgain={() => void billers.refetch()} />
      )}
      {all === undefined && !billers.isError && <Skeleton rows={5} />}
      {all?.length === 0 && <p className="card empty">{t('none')}</p>}
      {all !== undefined && all.length > 0 && (
        <>
          <Kept billers={all} />
          <Section id="billers" title={t('all')}>
            {all.map(({ code, kind, name, city }) => (
              <Entry
                key={code}
                to={`/bills/pay/${code}`}
                icon={icons[kind]}
                title={t(`kinds.${kind}`)}
                more={`${pick(city, i18n.language)} · ${pick(name, i18n.language)}`}
              />
            ))}
          </Section>
          <Paid />
        </>
      )}
    </>
  )
}

function Kept({ billers }: { billers: readonly Biller[] }) {
  const { t, i18n } = useTranslation('bills')
  const kept = useKeptAccounts()
  const byCode = new Map(billers.map((one) => [one.code, one]))
  const shown = (kept.data?.items ?? []).flatMap((account) => {
    const biller = byCode.get(account.biller)
    return biller ? [{ account, biller }] : []
  })
  if (shown.length === 0) return null
  return (
    <Section id="kept" title={t('kept')}>
      {shown.map(({ account, biller }) => (
        <Entry
          key={account.id}
          to={`/bills/pay/${biller.code}/${account.account}`}
          icon={icons[biller.kind]}
          title={account.label}
          more={`${pick(biller.name, i18n.language)} ${account.account}`}
          {...(account.remindDay !== null && {
            end: t('remindOn', { day: account.remindDay }),
          })}
        />
      ))}
    </Section>
  )
}

function Paid() {
  const { t, i18n } = useTranslation('bills')
  const paid = usePaidBills()
  return (
    <Section id="paid" title={t('paid')}>
      {paid.data?.items.length === 0 && <p className="empty">{t('nothingPaid')}</p>}
      {paid.data?.items.map((bill) => (
        <Entry
          key={bill.id}
          to={`/bills/${bill.id}`}
          icon={ReceiptText}
          title={`${pick(bill.name, i18n.language)} ${bill.account}`}
          more={t(`state.${bill.state}`)}
          end={formatFen(bill.amount ?? bill.due)}
        />
      ))}
    </Section>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
      </div>
      <div className="card list">{children}</div>
    </section>
  )
}

type EntryProperties = { to: string; icon: LucideIcon; title: string; more: string; end?: string }

function Entry({ to, icon, title, more, end }: EntryProperties) {
  return (
    <Link to={to} className="entry">
      <span className="entry-icon entry-icon-plum">
        <Icon of={icon} size={20} />
      </span>
      <span className="grow">
        <span className="entry-title">{title}</span>
        <small>{more}</small>
      </span>
      {end !== undefined && <span className="muted num">{end}</span>}
      <Icon of={ChevronRight} />
    </Link>
  )
}
