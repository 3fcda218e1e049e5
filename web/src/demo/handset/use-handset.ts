// One line's phone, whichever its skin: what is on screen, what is being typed, and sending it.
import { type Dispatch, type SetStateAction, useEffect, useMemo, useRef, useState } from 'react'
import { replyWordsOf } from '../../reply-words.ts'
import { useDemo } from '../demo-context.ts'
import type { Line, Message } from '../state.ts'
import { replaceText, type Typing } from './multi-tap.ts'
import { lastReceived, type Thread, threadsOf } from './threads.ts'

export type View =
  | { name: 'inbox' }
  | { name: 'thread'; peer: string }
  | { name: 'write'; answering: boolean }
  | { name: 'bill' }
  | { name: 'menu' }

export type Handset = {
  line: Line
  threads: Thread[]
  view: View
  /** The thread on screen, also while its answer is being written. */
  thread: Thread | undefined
  to: string
  typing: Typing
  sending: boolean
  /** The newest text received since the page opened. */
  newest: Message | undefined
  /** A text that came while something was being typed, and so did not change the screen. */
  waiting: Message | undefined
  show: (view: View) => void
  setTo: (to: string) => void
  setTyping: Dispatch<SetStateAction<Typing>>
  answer: (peer: string) => void
  write: () => void
  send: (message: { to: string; text: string }) => Promise<void>
}

const nothing: Typing = { text: '', mode: 'digits', tapped: null }

export function useHandset(line: Line, merchantNumber: string): Handset {
  const { post } = useDemo()
  const threads = useMemo(() => threadsOf(line.messages), [line.messages])
  const [view, setView] = useState<View>(
    threads[0] ? { name: 'thread', peer: threads[0].peer } : { name: 'write', answering: false },
  )
  const [to, setTo] = useState(merchantNumber)
  const [typing, setTyping] = useState(nothing)
  const [sending, setSending] = useState(false)
  const [waiting, setWaiting] = useState<Message>()

  const show = (next: View) => {
    setView(next)
    if (next.name === 'thread' && next.peer === waiting?.peer) setWaiting(undefined)
  }
  const newest = useArrivals(line.messages, (message) => {
    if (typing.text === '') setView({ name: 'thread', peer: message.peer })
    else setWaiting(message)
  })
  const peer = view.name === 'thread' ? view.peer : to
  const thread = threads.find((candidate) => candidate.peer === peer)

  const answer = (peerAsking: string) => {
    const asking = threads.find((candidate) => candidate.peer === peerAsking)?.last.text ?? ''
    // A confirmation is answered with a letter, everything else starts with figures.
    const mode = replyWordsOf(asking).length > 0 ? 'letters' : 'digits'
    setTo(peerAsking)
    setTyping({ ...nothing, mode })
    setView({ name: 'write', answering: true })
  }
  const write = () => {
    setTo(merchantNumber)
    setTyping(nothing)
    setView({ name: 'write', answering: false })
  }
  const send = async (message: { to: string; text: string }) => {
    setSending(true)
    const path = `/simulator/handsets/${line.msisdn}/messages`
    const sent = await post(path, { to: message.to.trim(), text: message.text.trim() })
    setSending(false)
    // What could not be sent stays on screen to be sent again.
    if (!sent.ok) return
    setTyping((last) => replaceText(last, ''))
    show({ name: 'thread', peer: message.to.trim() })
  }
  return {
    line,
    threads,
    view,
    thread,
    to,
    typing,
    sending,
    newest,
    waiting,
    show,
    setTo,
    setTyping,
    answer,
    write,
    send,
  }
}

/** Calls back once for a text that was not there before; what was there at the start is not news. */
function useArrivals(
  messages: readonly Message[],
  onArrival: (message: Message) => void,
): Message | undefined {
  const latest = lastReceived(messages)
  const seen = useRef(latest?.id)
  const [newest, setNewest] = useState<Message>()
  // Deciding with the typing of this very moment needs the newest callback, not the one of the arrival.
  const callback = useRef(onArrival)
  callback.current = onArrival
  useEffect(() => {
    if (!latest || latest.id === seen.current) return
    seen.current = latest.id
    setNewest(latest)
    callback.current(latest)
  }, [latest])
  return newest
}
