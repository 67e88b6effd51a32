// Remembers the visitor's session over a reload. Where the browser forbids storage, the chat just starts anew.

const KEY = 'relevo.demo.session'

export type Saved = { id: string; token: string }

export function savedSession(): Saved | null {
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Saved> | null
    return saved?.id && saved.token ? { id: saved.id, token: saved.token } : null
  } catch {
    return null
  }
}

export function saveSession(session: Saved): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(session))
  } catch {
    return
  }
}

export function forgetSession(): void {
  try {
    localStorage.removeItem(KEY)
  } catch {
    return
  }
}
