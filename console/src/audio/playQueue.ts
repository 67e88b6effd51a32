// What waits to be heard, in order: sound, and marks that are reported when the sound before them has played. Pure;
// the playback worklet pulls from it.

type Item = { sound: Float32Array; at: number } | { mark: string }

export class PlayQueue {
  private items: Item[] = []
  private waiting = 0

  /** Samples still to be played. */
  get length(): number {
    return this.waiting
  }

  push(sound: Float32Array): void {
    if (sound.length === 0) return
    this.items.push({ sound, at: 0 })
    this.waiting += sound.length
  }

  /** Queue a mark, and give it back at once when nothing is before it. */
  mark(name: string): string[] {
    this.items.push({ mark: name })
    return this.reached()
  }

  /** Fill `output`, with silence where there is nothing, and say which marks were passed. */
  pull(output: Float32Array): string[] {
    const passed = this.reached()
    let filled = 0
    while (filled < output.length) {
      const item = this.items[0]
      if (!item || 'mark' in item) break
      const piece = item.sound.subarray(item.at, item.at + output.length - filled)
      output.set(piece, filled)
      filled += piece.length
      item.at += piece.length
      this.waiting -= piece.length
      if (item.at >= item.sound.length) this.items.shift()
      passed.push(...this.reached())
    }
    output.fill(0, filled)
    return passed
  }

  /** Drop the oldest sound until at most `keep` samples wait, and say which marks were passed over. */
  trim(keep: number): string[] {
    const passed = this.reached()
    while (this.waiting > keep) {
      const item = this.items[0]
      if (!item || 'mark' in item) break
      const dropped = Math.min(item.sound.length - item.at, this.waiting - keep)
      item.at += dropped
      this.waiting -= dropped
      if (item.at >= item.sound.length) this.items.shift()
      passed.push(...this.reached())
    }
    return passed
  }

  /** Drop everything. Marks that were waiting count as reached. */
  clear(): string[] {
    const marks = this.items.flatMap(item => ('mark' in item ? [item.mark] : []))
    this.items = []
    this.waiting = 0
    return marks
  }

  private reached(): string[] {
    const names: string[] = []
    for (let item = this.items[0]; item && 'mark' in item; item = this.items[0]) {
      names.push(item.mark)
      this.items.shift()
    }
    return names
  }
}
