import type { Socket } from 'node:net'
import type { Bytes } from '../units.js'

/** Bytes in both directions. */
export interface WireBytes {
  readonly sent: Bytes
  readonly received: Bytes
}

/**
 * What one poller's own sockets cost, exactly: every byte above TCP, handshakes and TLS records included.
 * A socket's counters are cumulative, so consumers take differences of `read()`.
 */
export class Wire {
  readonly #sockets = new Set<Socket>()
  readonly #onClose: () => void
  /** Of sockets that have closed. */
  #sent: Bytes = 0
  #received: Bytes = 0
  #opened = 0
  #reopened = 0

  /** @param onClose - a connection has closed */
  constructor(onClose: () => void = () => {}) {
    this.#onClose = onClose
  }

  /** Connections opened. */
  get opened(): number {
    return this.#opened
  }

  /** Of these, the ones that replaced a connection that was meant to stay. */
  get reopened(): number {
    return this.#reopened
  }

  /** Connections open now: a gauge. */
  get open(): number {
    return this.#sockets.size
  }

  /** Counts a socket that has just connected; under TLS it is the raw one, whose counters see the records. */
  watch(socket: Socket, reopened: boolean): void {
    this.#opened += 1
    if (reopened) this.#reopened += 1
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#sent += socket.bytesWritten
      this.#received += socket.bytesRead
      this.#onClose()
    })
  }

  /** Bytes of all sockets so far, open and closed. */
  read(): WireBytes {
    let sent = this.#sent
    let received = this.#received
    for (const socket of this.#sockets) {
      sent += socket.bytesWritten
      received += socket.bytesRead
    }
    return { sent, received }
  }
}
