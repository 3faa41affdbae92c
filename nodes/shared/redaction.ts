/** Shorter texts are no secrets, and would be found everywhere. */
const SHORTEST = 3

/** Takes secrets out of what is about to be told: errors of others may quote them, and servers may echo them. */
export class Redaction {
  readonly #shown = new Map<string, string>()

  /** @param shown - what stands in its place */
  add(secret: unknown, shown = '•••'): void {
    if (typeof secret !== 'string' || secret.length < SHORTEST) return
    for (const form of [secret, encodeURIComponent(secret)])
      if (!this.#shown.has(form)) this.#shown.set(form, shown)
  }

  text(text: string): string {
    let told = text
    // the longest first: one may hold another
    for (const [secret, shown] of [...this.#shown].sort(([a], [b]) => b.length - a.length))
      told = told.replaceAll(secret, shown)
    return told
  }

  /** A copy of plain JSON with every text in it redacted. */
  all<T>(value: T): T {
    return this.#walk(value) as T
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map(entry => this.#walk(entry))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, this.#walk(entry)]))
  }
}
