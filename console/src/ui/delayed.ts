// Something that is done in a few seconds unless it is undone. Leaving, or wanting the next thing, does it at once.

type Run<T> = (wish: T, leaving: boolean) => void

export type Pending<T> = { wish: T; dueAt: number }

export class Delayed<T> {
  private timer: ReturnType<typeof setTimeout> | null = null
  private current: Pending<T> | null = null

  constructor(
    private readonly run: Run<T>,
    private readonly changed: (pending: Pending<T> | null) => void,
    private readonly seconds: number,
    private readonly now: () => number = Date.now,
  ) {}

  get pending(): Pending<T> | null {
    return this.current
  }

  want(wish: T): void {
    this.flush()
    this.timer = setTimeout(() => this.flush(), this.seconds * 1000)
    this.set({ wish, dueAt: this.now() + this.seconds * 1000 })
  }

  undo(): T | null {
    const wish = this.current?.wish ?? null
    this.forget()
    return wish
  }

  flush(leaving = false): void {
    const due = this.current
    this.forget()
    if (due) this.run(due.wish, leaving)
  }

  private forget(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    if (this.current) this.set(null)
  }

  private set(pending: Pending<T> | null): void {
    this.current = pending
    this.changed(pending)
  }
}
