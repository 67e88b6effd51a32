// What this browser remembers of the desk's sounds: how loud, and which. A call that rings is always heard unless all of
// it is silent.

export const SOUNDS = ['ring', 'offer', 'help', 'message', 'alert'] as const
export type Sound = (typeof SOUNDS)[number]
export type SoundSettings = { volume: number; off: Sound[] }

type Store = Pick<Storage, 'getItem' | 'setItem'>

const KEY = 'relevo.sounds'
export const LOUD: SoundSettings = { volume: 70, off: [] }

export function readSounds(store: Store | null): SoundSettings {
  try {
    const saved = JSON.parse(store?.getItem(KEY) ?? 'null') as Partial<SoundSettings> | null
    const volume = typeof saved?.volume === 'number' && Number.isFinite(saved.volume) ? saved.volume : LOUD.volume
    const off = Array.isArray(saved?.off) ? SOUNDS.filter(each => saved.off?.includes(each)) : []
    return { volume: Math.min(100, Math.max(0, Math.round(volume))), off }
  } catch {
    return LOUD
  }
}

export function writeSounds(store: Store | null, settings: SoundSettings): void {
  try {
    store?.setItem(KEY, JSON.stringify(settings))
  } catch {
    return
  }
}

/** How loud a sound is, as part of the loudest; ears hear the square of it. */
export function loudness(settings: SoundSettings, sound: Sound | 'test'): number {
  if (sound !== 'test' && settings.off.includes(sound)) return 0
  return (settings.volume / 100) ** 2
}
