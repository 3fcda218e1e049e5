// Letting a card go. Nothing is owed by it, and what is under way with it ends as it would have.
import { useTranslation } from 'react-i18next'
import { ActFrame } from './act-frame.tsx'
import { useCounter } from './counter-context.ts'
import { DocumentFields, documentGaps } from './document-fields.tsx'
import { ownerBody } from './owner-body.ts'
import { Step } from './step.tsx'
import { useOwnerCheck } from './use-owner-check.ts'
import type { CardView } from './views.ts'

export function UnbindForm({ bound }: { bound: CardView }) {
  const { t } = useTranslation('counter')
  const { view, msisdn, document } = useCounter().atDesk
  const owner = useOwnerCheck(document)
  return (
    <ActFrame
      kind="unbind"
      facts={[
        { label: t('fact.card'), value: bound.maskedNumber },
        { label: t('fact.owner'), value: view?.owner?.maskedName ?? '' },
      ]}
      gaps={documentGaps(document, owner)}
      question={{ text: t('question.unbind', { card: bound.maskedNumber }), danger: true }}
      ask={() => ({
        path: '/acts/unbind',
        body: { msisdn, owner: ownerBody(document), binding: bound.id },
      })}
    >
      <Step number={1} title={t('document.step')}>
        <div className="single">
          <DocumentFields check={owner} />
        </div>
      </Step>
    </ActFrame>
  )
}
