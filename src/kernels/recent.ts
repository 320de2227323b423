interface Entry<V> {
  readonly value: V
  /** When it was used last. */
  used: number
}

/** A map of at most `most` values. When it is full, the quarter used longest ago is forgotten. */
export class Recent<V> {
  private readonly entries = new Map<string, Entry<V>>()
  private clock = 0

  constructor(public most: number) {}

  /** The value, which counts as used now. */
  find(key: string): V | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    entry.used = ++this.clock
    return entry.value
  }

  set(key: string, value: V): void {
    if (this.entries.size >= this.most) this.forget()
    this.entries.set(key, { value, used: ++this.clock })
  }

  delete(key: string): void {
    this.entries.delete(key)
  }

  get size(): number {
    return this.entries.size
  }

  clear(): void {
    this.entries.clear()
  }

  private forget(): void {
    const oldest = [...this.entries].sort(([, a], [, b]) => a.used - b.used)
    const kept = Math.floor(0.75 * this.most)
    for (const [key] of oldest.slice(0, oldest.length - kept)) this.entries.delete(key)
  }
}
