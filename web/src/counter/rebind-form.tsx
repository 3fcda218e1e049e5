// A card that its bank has changed, asked of the bank again under the same binding.
import { useTranslation } from 'react-i18next'
import { ActFrame } from './act-frame.tsx'
import { CardStep, cardBody, cardGaps, cardSecrets } from './card-step.tsx'
import { CheckList } from './check-list.tsx'
import { useCounter } from './counter-context.ts'
import { documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { useCardForm } from './use-card-form.ts'
import type { CardView } from './views.ts'

export function RebindForm({ bound }: { bound: CardView }) {
  const { t } = useTranslation('counter')
  const { atDesk } = useCounter()
  const form = useCardForm(bound.id)
  const { card, check, owner } = form
  const { view, msisdn, document } = atDesk
  return (
    <ActFrame
      kind="rebind"
      facts={[
        { label: t('fact.before'), value: bound.maskedNumber },
        { label: t('fact.card'), value: check.view?.maskedNumber ?? '' },
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? '' },
      ]}
      gaps={[...documentGaps(document, owner), ...cardGaps(form)]}
      warning={t('submit.unknownNote')}
      ask={() => ({
        path: '/acts/rebind',
        body: { msisdn, owner: ownerBody(document), binding: bound.id, card: cardBody(card) },
        secrets: cardSecrets(form),
      })}
    >
      <CardStep {...form} onCard={form.setCard} mobile={false} />
      <CheckList number={2} check={check} agreed={null} />
    </ActFrame>
  )
}
