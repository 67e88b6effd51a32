// Relevo as an app of this device: browsers that offer it say so once, early, and let us ask when it is wanted.

import { store } from './store'

type Offer = Event & { prompt: () => Promise<{ outcome: 'accepted' | 'dismissed' }> }
export type Install = 'no' | 'offered' | 'done' | 'by hand'

let offer: Offer | null = null
export const install = store<Install>('no')

export function watchInstall(): void {
  if (isInstalled()) install.set('done')
  else if (isApple(navigator.userAgent, navigator.maxTouchPoints)) install.set('by hand')
  window.addEventListener('beforeinstallprompt', event => {
    event.preventDefault()
    offer = event as Offer
    install.set('offered')
  })
  window.addEventListener('appinstalled', () => {
    offer = null
    install.set('done')
  })
}

export function isInstalled(): boolean {
  const apple = (navigator as Navigator & { standalone?: boolean }).standalone === true
  return apple || matchMedia('(display-mode: standalone)').matches
}

/** iPhones and iPads install by hand; an iPad says that it is a Mac, with fingers. */
export function isApple(agent: string, fingers: number): boolean {
  return /iPhone|iPad|iPod/.test(agent) || (agent.includes('Macintosh') && fingers > 1)
}

export async function askToInstall(): Promise<void> {
  const asked = offer
  if (!asked) return
  offer = null
  const { outcome } = await asked.prompt()
  install.set(outcome === 'accepted' ? 'done' : 'no')
}
