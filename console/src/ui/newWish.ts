// A name for something that is asked for once, however often it is sent. Short, so that what was asked fits behind it.

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Twelve letters by chance. It also works where the page came without encryption. */
export function newWish(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(each => LETTERS[each % LETTERS.length]).join('')
}
