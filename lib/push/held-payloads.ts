import { createHash } from 'node:crypto'

/** Ids remembered over all streams. */
const IDS = 10_000
/** Streams whose last payload is remembered. */
const STREAMS = 1000

/** Knows foreign payloads that were here before; memory is bounded whatever arrives. */
export class HeldPayloads {
  readonly #ids = new Set<string>()
  readonly #last = new Map<string, string>()

  /** Records one payload with an id; true when that id came on this stream before. */
  recordId(stream: string, id: string): boolean {
    const key = JSON.stringify([stream, id])
    const held = this.#ids.delete(key)
    this.#ids.add(key)
    forgetFirst(this.#ids, IDS)
    return held
  }

  /** Records one payload without an id; true when the stream's last one had the same bytes. */
  recordBody(stream: string, body: Uint8Array): boolean {
    const digest = createHash('sha256').update(body).digest('base64')
    const held = this.#last.get(stream) === digest
    this.#last.delete(stream)
    this.#last.set(stream, digest)
    forgetFirst(this.#last, STREAMS)
    return held
  }
}

function forgetFirst(held: Set<string> | Map<string, string>, most: number): void {
  const first = held.keys().next()
  if (held.size > most && !first.done) held.delete(first.value)
}
