// The bill of a credit card: what is owed and until when, repaid from the balance or a debit card, or by itself.
import { useTranslation } from 'react-i18next'
import { formatFen, isZeroFen } from '../../fen.ts'
import { pick } from '../../names.ts'
import { Money } from '../../ui/money.tsx'
import type { Card, CardBill } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useCardBill, useCards } from '../queries.ts'
import { AskBank } from './ask-bank.tsx'
import { AutoRepayment } from './auto-repayment.tsx'
import { EnterBill } from './enter-bill.tsx'
import { RepayForm } from './repay-form.tsx'
import './add-words.ts'

export function CardBillScreen({ cardId }: { cardId: string }) {
  const { t, i18n } = useTranslation(['app', 'cardBill'])
  const cards = useCards()
  const query = useCardBill(cardId)
  const card = cards.data?.items.find(({ id }) => id === cardId)
  const name = card ? `${pick(card.bank, i18n.language)} ${card.last4}` : ''
  return (
    <>
      <ScreenHead title={name || t('cardBill:title')} />
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {query.data === undefined && !query.isError && <Skeleton rows={5} />}
      {query.data && card && (
        <Known
          card={card}
          name={name}
          known={query.data}
          debits={cards.data?.items.filter(isPayer) ?? []}
        />
      )}
    </>
  )
}

const isPayer = ({ kind, state }: Card) => kind === 'debit' && state === 'active'

type KnownProperties = { card: Card; name: string; known: CardBill; debits: readonly Card[] }

function Known({ card, name, known, debits }: KnownProperties) {
  const { t } = useTranslation(['app', 'cardBill'])
  const { bill, auto } = known
  return (
    <>
      {bill ? (
        <BillCard bill={bill} />
      ) : (
        <>
          <p className="card empty">{t('cardBill:none')}</p>
          <AskBank cardId={card.id} name={name} />
        </>
      )}
      {bill && !isZeroFen(bill.left) && (
        <RepayForm cardId={card.id} name={name} bill={bill} debits={debits} />
      )}
      {bill && isZeroFen(bill.left) && <p className="note">{t('cardBill:settled')}</p>}
      {bill?.source !== 'bank' && <EnterBill key={bill?.billedOn} cardId={card.id} />}
      <AutoRepayment cardId={card.id} name={name} auto={auto} />
    </>
  )
}

function BillCard({ bill }: { bill: NonNullable<CardBill['bill']> }) {
  const { t } = useTranslation(['app', 'cardBill'])
  const facts = [
    ['amount', bill.amount],
    ['minimum', bill.minimum],
    ['paid', bill.paid],
    ['onTheWay', bill.onTheWay],
  ] as const
  return (
    <section className="card panel" aria-label={t('cardBill:title')}>
      <p className="muted">{t('cardBill:left')}</p>
      <p className="hero">
        <Money fen={bill.left} />
      </p>
      <p>{t('cardBill:due', { day: bill.dueOn })}</p>
      <dl className="facts">
        {facts.map(([word, fen]) => (
          <div key={word}>
            <dt>{t(`cardBill:${word}`)}</dt>
            <dd className="num">{formatFen(fen)}</dd>
          </div>
        ))}
      </dl>
      <p className="fine muted">{t(`cardBill:by.${bill.source}`)}</p>
    </section>
  )
}
