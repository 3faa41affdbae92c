import type { Duplex } from 'node:stream'
import type { Bytes } from '../units.js'

const CONNECT = 0x10
/** [MQTT-2.2.3]: the remaining length takes at most four bytes. */
const LENGTH_BYTES = 4

/** What a guard found wrong in a byte stream. */
export type GuardFault = 'maxConnectBytes' | 'maxPacketBytes' | 'malformed'

/**
 * Reads the fixed headers in a byte stream of MQTT packets and stops it at one that declares too much,
 * before anything of it is buffered. Until `open` only a CONNECT of limited size may come.
 */
export class PacketGuard {
  readonly #maxConnectBytes: Bytes
  readonly #maxPacketBytes: Bytes
  #open = false
  #first = true
  /** Bytes of the running packet still to come; 0 = a header follows. */
  #body = 0
  /** Bytes of the running header so far. */
  #header = 0
  #length = 0

  constructor(maxConnectBytes: Bytes, maxPacketBytes: Bytes) {
    this.#maxConnectBytes = Math.min(maxConnectBytes, maxPacketBytes)
    this.#maxPacketBytes = maxPacketBytes
  }

  /** The peer has been let in: packets of full size from now on. */
  open(): void {
    this.#open = true
  }

  /** Follows the next bytes; returns what is wrong with them, or null. */
  check(chunk: Uint8Array): GuardFault | null {
    let at = 0
    while (at < chunk.length) {
      if (this.#body > 0) {
        const step = Math.min(this.#body, chunk.length - at)
        this.#body -= step
        at += step
        continue
      }
      const byte = chunk[at] ?? 0
      at += 1
      if (this.#header === 0) {
        // [MQTT-3.1.0-1]
        if (this.#first && byte !== CONNECT) return 'malformed'
        this.#first = false
        this.#header = 1
        this.#length = 0
        continue
      }
      if (this.#header > LENGTH_BYTES) return 'malformed'
      this.#length += (byte & 0x7f) * 128 ** (this.#header - 1)
      this.#header += 1
      if (byte & 0x80) continue
      if (this.#header + this.#length > this.#limit) return this.#open ? 'maxPacketBytes' : 'maxConnectBytes'
      this.#body = this.#length
      this.#header = 0
    }
    return null
  }

  get #limit(): Bytes {
    return this.#open ? this.#maxPacketBytes : this.#maxConnectBytes
  }
}

/** Lets `guard` see everything that is read from `connection`, and ends it at the first fault. */
export function guardReads(
  connection: Duplex,
  guard: PacketGuard,
  onFault: (fault: GuardFault) => void
): void {
  const read = connection.read.bind(connection)
  connection.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    if (chunk === null) return null
    const fault = guard.check(chunk)
    if (fault === null) return chunk
    onFault(fault)
    connection.destroy()
    return null
  }
}
