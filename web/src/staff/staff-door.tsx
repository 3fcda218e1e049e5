// Who may see what: nobody yet, somebody with an initial password, somebody signed in.
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Answer, Problem } from '../api.ts'
import type { DemoPerson } from './demo-people.tsx'
import { Lobby, type Trouble } from './lobby.tsx'
import { NewPassword } from './new-password.tsx'
import type { StaffSession } from './session.ts'
import { SignIn } from './sign-in.tsx'
import type { Hooks } from './staff-api.ts'
import { useIdle } from './use-idle.ts'

export type Inside<Api, Session> = {
  api: Api
  session: Session
  refreshSession: () => Promise<void>
  signOut: () => Promise<void>
  idleLeftMs: number | null
}

type DoorApi<Session> = {
  session: (credentials?: object) => Promise<Answer<Session>>
  post: (path: string, body: object) => Promise<Answer<unknown>>
  remove: (path: string) => Promise<Answer<null>>
}

type Properties<Api, Session> = {
  title: string
  createApi: (hooks: Hooks) => Api
  /** Of the demo, who can sign in here. */
  demoPeople: readonly DemoPerson[]
  /** Tells a refusal in the page's own words. */
  Trouble: Trouble
  children: (inside: Inside<Api, Session>) => ReactNode
}

type Why = 'none' | 'over' | 'left'

type Standing<Session> =
  | { is: 'looking' }
  | { is: 'unreachable'; problem: Problem }
  | { is: 'out'; why: Why }
  | { is: 'in'; session: Session }

export function StaffDoor<Session extends StaffSession, Api extends DoorApi<Session>>(
  properties: Properties<Api, Session>,
) {
  const { title, createApi, demoPeople, Trouble, children } = properties
  const [standing, setStanding] = useState<Standing<Session>>({ is: 'looking' })
  const leave = useCallback(
    (why: Why) => setStanding((last) => ({ is: 'out', why: last.is === 'looking' ? 'none' : why })),
    [],
  )
  const session = standing.is === 'in' ? standing.session : null
  const active = useRef(() => {})
  const api = useMemo(
    () => createApi({ onSignedOut: () => leave('over'), onActive: () => active.current() }),
    [createApi, leave],
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
    document.title = title
  }, [title])

  const page = { title, Trouble }
  if (standing.is === 'looking') return <Lobby {...page} busy />
  if (standing.is === 'unreachable') {
    const again = () => {
      setStanding({ is: 'looking' })
      void look()
    }
    return <Lobby {...page} problem={standing.problem} onAgain={again} />
  }
  if (standing.is === 'out') {
    const signIn = async (credentials: object) => {
      const answer = await api.session(credentials)
      if (answer.ok) setStanding({ is: 'in', session: answer.value })
      return answer
    }
    return <SignIn {...page} why={standing.why} demoPeople={demoPeople} signIn={signIn} />
  }
  if (standing.session.passwordIsInitial) {
    const change = (body: object) => api.post('/session/password', body)
    const { name } = standing.session.person
    return <NewPassword {...page} {...{ name, change, signOut }} onDone={look} />
  }
  return children({
    ...{ api, session: standing.session, refreshSession: look, signOut },
    idleLeftMs: idle.leftMs,
  })
}
