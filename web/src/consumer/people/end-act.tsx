// A button that ends something which waits or goes on, after it has asked.
import { useState } from 'react'
import type { Answer, Problem } from '../../api.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { moneyMoved } from '../queries.ts'

type Properties = {
  act: () => Promise<Answer<unknown>>
  words: readonly [action: string, question: string, text: string]
  small?: boolean
}

export function EndAct({ act, words: [action, title, text], small = false }: Properties) {
  const [isAsking, ask] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const end = async () => {
    const answer = await act()
    setProblem(answer.ok ? null : answer.problem)
    moneyMoved()
  }
  const size = small ? 'button-small' : 'button-large wide'
  return (
    <div className={small ? undefined : 'below'}>
      {problem && <ProblemNote problem={problem} />}
      <button type="button" className={`button button-danger ${size}`} onClick={() => ask(true)}>
        {action}
      </button>
      {isAsking && (
        <ConfirmDialog
          title={title}
          text={text}
          action={action}
          danger
          onConfirm={() => void end()}
          onClose={() => ask(false)}
        />
      )}
    </div>
  )
}
