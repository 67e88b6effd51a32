// Files in the conversation: pictures and voice notes where they stand, the rest to be downloaded.

import { fileUrl } from './api'
import type { Chat } from './chat'
import { h, icon } from './dom'
import type { Words } from './texts/words'
import type { Part } from './wire'

type FilePart = Exclude<Part, { type: 'text' | 'choices' }>

export function fileView(part: FilePart, chat: Chat, words: Words): HTMLElement {
  if (part.type === 'image') return picture(part, chat, words)
  if (part.type === 'audio') return sound(part, chat, words)
  return download(part, chat)
}

function whenRead(chat: Chat, id: string, use: (url: string) => void, failed: () => void): void {
  if (!chat.session) return
  fileUrl(chat.session, id).then(use, failed)
}

function picture(part: FilePart, chat: Chat, words: Words): HTMLElement {
  const box = h('a', { class: 'picture', download: part.name, 'aria-label': `${words.photo}: ${part.name}` })
  whenRead(
    chat,
    part.id,
    url => {
      box.href = url
      box.append(h('img', { src: url, alt: part.name }))
    },
    () => box.append(icon('file'), part.name),
  )
  return box
}

function sound(part: FilePart, chat: Chat, words: Words): HTMLElement {
  const player = h('audio', { controls: true, 'aria-label': words.voiceNote, preload: 'none' })
  whenRead(
    chat,
    part.id,
    url => player.setAttribute('src', url),
    () => player.replaceWith(download(part, chat)),
  )
  return player
}

function download(part: FilePart, chat: Chat): HTMLElement {
  const size =
    part.size < 1e5 ? `${Math.max(1, Math.round(part.size / 1000))} kB` : `${(part.size / 1e6).toFixed(1)} MB`
  const made = h('button', { type: 'button', class: 'file' }, icon('file'), part.name, h('small', {}, size))
  made.addEventListener('click', () =>
    whenRead(
      chat,
      part.id,
      url => h('a', { href: url, download: part.name }).click(),
      () => made.setAttribute('disabled', ''),
    ),
  )
  return made
}
