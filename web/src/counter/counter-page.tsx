// Who may see what: nobody yet, somebody with an initial password, somebody signed in.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { createCounterApi } from './counter-api.ts'
import { Desk } from './desk.tsx'
import { Lobby } from './lobby.tsx'
import { NewPassword } from './new-password.tsx'
import { SignIn } from './sign-in.tsx'
import { useIdle } from './use-idle.ts'
import type { SessionView } from './views.ts'

type Why = 'none' | 'over' | 'left'

type Standing =
  | { is: 'looking' }
  | { is: 'unreachable'; problem: Problem }
  | { is: 'out'; why: Why }
  | { is: 'in'; session: SessionView }

export function CounterPage() {
  const { t } = useTranslation('counter')
  const [standing, setStanding] = useState<Standing>({ is: 'looking' })
  const leave = useCallback(
    (why: Why) => setStanding((last) => ({ is: 'out', why: last.is === 'looking' ? 'none' : why })),
    [],
  )
  const session = standing.is === 'in' ? standing.session : null
  const active = useRef(() => {})
  const api = useMemo(
    () => createCounterApi({ onSignedOut: () => leave('over'), onActive: () => active.current() }),
    [leave],
  )
  const look = useCallback(async () => {
    const answer = await api.session()
    if (answer.ok) setStanding({ is: 'in', session: answer.value })
    else {
      const { problem } = answer
      setStanding((last) => (last.is === 'looking' ? { is: 'unreachable', problem } : last))
    }
  }, [api])
  const signOut = useCallback(async () => {
    await api.remove('/session')
    leave('left')
  }, [api, leave])
  const onIdle = useCallback(() => void signOut().then(() => leave('over')), [signOut, leave])
  const idle = useIdle(session?.idleSeconds ?? null, onIdle)
  active.current = idle.active

  useEffect(() => void look(), [look])
  useEffect(() => {
    document.title = t('title')
  }, [t])

  if (standing.is === 'looking') return <Lobby busy />
  if (standing.is === 'unreachable') {
    const again = () => {
      setStanding({ is: 'looking' })
      void look()
    }
    return <Lobby problem={standing.problem} onAgain={again} />
  }
  if (standing.is === 'out') {
    return (
      <SignIn
        api={api}
        why={standing.why}
        onSignedIn={(value) => setStanding({ is: 'in', session: value })}
      />
    )
  }
  if (standing.session.passwordIsInitial) {
    return <NewPassword api={api} session={standing.session} onDone={look} onSignOut={signOut} />
  }
  return (
    <Desk
      api={api}
      session={standing.session}
      refreshSession={look}
      signOut={signOut}
      idleLeftMs={idle.leftMs}
    />
  )
}
