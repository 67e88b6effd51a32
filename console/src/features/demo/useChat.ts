// The visitor's chat: opens or resumes the session, sends, and asks for what is new (a person may be writing).

import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { messagesAfter, openSession, say, sendFile } from '../../api/webchat'
import { type ChatItem, outgoing, withMessages, withReplies, withSent, withState } from './chat'
import { forgetSession, type Saved, savedSession, saveSession } from './savedSession'

const ASK_EVERY = 2_500

type Phase = 'starting' | 'ready' | 'failed'

export function useChat() {
  const [session, setSession] = useState<Saved | null>(null)
  const [items, setItems] = useState<ChatItem[]>([])
  const [phase, setPhase] = useState<Phase>('starting')
  const [waiting, setWaiting] = useState(0)
  const [round, setRound] = useState(0)
  const cursor = useRef<string | null>(null)

  const restart = useCallback(() => {
    forgetSession()
    setSession(null)
    setItems([])
    setRound(n => n + 1)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round starts everything again
  useEffect(() => {
    let gone = false
    cursor.current = null
    setPhase('starting')
    begin()
      .then(({ session, items, last }) => {
        if (gone) return
        cursor.current = last
        setItems(items)
        setSession(session)
        setPhase('ready')
      })
      .catch(() => !gone && setPhase('failed'))
    return () => {
      gone = true
    }
  }, [round])

  useEffect(() => {
    if (!session) return
    const stop = new AbortController()
    const ask = async () => {
      if (document.visibilityState === 'hidden') return
      try {
        const fresh = await messagesAfter(session, cursor.current, stop.signal)
        cursor.current = fresh.last ?? cursor.current
        if (fresh.items.length > 0) setItems(known => withMessages(known, fresh.items))
      } catch (error) {
        if (error instanceof ApiError && (error.status === 401 || error.status === 404)) restart()
      }
    }
    const timer = setInterval(() => void ask(), ASK_EVERY)
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }, [session, restart])

  const deliver = useCallback(
    async (text: string, clientId: string, file?: File) => {
      if (!session) return
      setItems(known => withState(known, clientId, 'sending'))
      setWaiting(n => n + 1)
      try {
        if (file) {
          const sent = await sendFile(session, file, clientId)
          setItems(known => withSent(known, clientId, sent))
          return
        }
        const replies = await say(session, text, clientId)
        const now = new Date().toISOString()
        setItems(known => withReplies(withState(known, clientId, 'done'), replies ?? [], now))
      } catch {
        setItems(known => withState(known, clientId, 'failed'))
      } finally {
        setWaiting(n => n - 1)
      }
    },
    [session],
  )

  const send = useCallback(
    (words: string) => {
      const text = words.trim()
      if (!text) return
      const clientId = newId()
      setItems(known => [...known, outgoing(text, clientId, new Date().toISOString())])
      void deliver(text, clientId)
    },
    [deliver],
  )

  const attach = useCallback(
    (file: File) => {
      const clientId = newId()
      setItems(known => [...known, outgoing('', clientId, new Date().toISOString(), file)])
      void deliver('', clientId, file)
    },
    [deliver],
  )

  const again = useCallback(() => setRound(n => n + 1), [])
  const retry = useCallback(
    (item: ChatItem) => item.clientId && void deliver(item.text, item.clientId, item.file),
    [deliver],
  )
  return { session, items, phase, typing: waiting > 0, send, attach, retry, restart, again }
}

function newId(): string {
  return `w-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`
}

async function begin(): Promise<{ session: Saved; items: ChatItem[]; last: string | null }> {
  const saved = savedSession()
  if (saved) {
    try {
      const { items, last } = await messagesAfter(saved, null)
      return { session: saved, items: withMessages([], items), last }
    } catch (error) {
      const lost = error instanceof ApiError && [401, 403, 404].includes(error.status)
      if (!lost) throw error
      forgetSession()
    }
  }
  const { data } = await openSession()
  const session = { id: data.id, token: data.token }
  saveSession(session)
  return { session, items: withReplies([], [data.greeting], new Date().toISOString()), last: null }
}
