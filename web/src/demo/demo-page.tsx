// The page: waits for the first state, then keeps showing the last one, whatever happens to the line.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api.ts'
import { secondOf } from '../time.ts'
import { problemText } from '../ui/problem-text.ts'
import { useDocument } from '../use-document.ts'
import { useNow } from '../use-now.ts'
import { type Demo, DemoContext } from './demo-context.ts'
import { Note } from './note.tsx'
import { Opening } from './opening.tsx'
import { Stage } from './stage.tsx'
import type { DemoState } from './state.ts'

export function DemoPage() {
  const { t } = useTranslation('demo')
  const { t: common, i18n } = useTranslation('common')
  const { value, arrivedAt, live, problem } = useDocument<DemoState>({
    snapshot: '/demo/state',
    stream: '/demo/stream',
    event: 'state',
  })
  const running = live && value !== null && !value.paused
  const now = useNow({ now: value?.now ?? 0, arrivedAt, running })
  const [note, setNote] = useState('')
  useEffect(() => {
    document.title = t('title')
  }, [t])

  const post = useCallback<Demo['post']>(
    async (path, body) => {
      setNote('')
      const answer = await call<never>(path, {
        method: 'POST',
        language: i18n.language,
        ...(body ? { body } : {}),
      })
      if (!answer.ok) setNote(problemText(answer.problem, common))
      return answer
    },
    [common, i18n.language],
  )
  const zone = value?.zone ?? 'Asia/Shanghai'
  const demo = useMemo<Demo>(() => ({ now, zone, post }), [now, zone, post])

  if (!value) return <Opening failed={problem !== null} />
  return (
    <DemoContext value={demo}>
      <Stage state={value} live={live}>
        {!live && (
          <p className="stale-note" role="status">
            {t('stale', { time: secondOf(value.now, zone) })}
          </p>
        )}
        <Note text={note} onClose={() => setNote('')} />
      </Stage>
    </DemoContext>
  )
}
