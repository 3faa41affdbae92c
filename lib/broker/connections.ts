import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import type { BrokerLimits } from './limits.js'
import type { Notify } from './notices.js'
import type { Tally } from './tally.js'

/** Descriptors that stay free for files, timers and the rest of the process. */
const SPARE_DESCRIPTORS = 32

interface ConnectionsParts {
  readonly maxConnections: number
  readonly limits: BrokerLimits
  readonly tally: Tally
  readonly notify: Notify
  readonly clock: Clock
  /** How many files this process may have open; null = unknown. */
  readonly descriptorLimit: number
}

/** Every socket of the broker, TCP and WebSocket alike: how many there may be, and how long one may take to connect. */
export class Connections {
  readonly #parts: ConnectionsParts
  /** With what ends the wait for its CONNECT; null = it has been let in. */
  readonly #open = new Map<Socket, (() => void) | null>()

  constructor(parts: ConnectionsParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#open.size
  }

  /** Takes in a socket that was just accepted, or destroys and counts it and returns false. */
  admit(socket: Socket): boolean {
    const { maxConnections, tally, notify, clock, limits } = this.#parts
    // nothing from the network may end the process; what it means, Aedes and TLS say
    socket.on('error', () => socket.destroy())
    if (this.#open.size >= maxConnections) {
      tally.add('maxConnections')
      notify('CONNECTION_REFUSED', `Expected at most ${maxConnections} connections, found one more: refused`)
      socket.destroy()
      return false
    }
    if (this.#isLastDescriptor(socket)) {
      tally.add('descriptors')
      notify(
        'CONNECTION_REFUSED',
        `Expected fewer open files than this process may have, found all ${this.#parts.descriptorLimit} in use: connection refused; raise the limit (ulimit -n)`
      )
      socket.destroy()
      return false
    }
    const cancel = clock.at(clock.now() + limits.connectTimeoutMs, () => {
      tally.add('connectTimeoutMs')
      socket.destroy()
    })
    this.#open.set(socket, cancel)
    socket.once('close', () => {
      this.letIn(socket)
      this.#open.delete(socket)
    })
    return true
  }

  /** The client on this socket has been let in. */
  letIn(socket: Socket): void {
    this.#open.get(socket)?.()
    if (this.#open.has(socket)) this.#open.set(socket, null)
  }

  /** Whether the client on this socket has been let in. */
  isIn(socket: Socket): boolean {
    return this.#open.get(socket) === null
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy()
  }

  /**
   * Past the limit the kernel's queue is emptied by resetting connections without a word to anyone. Descriptors are
   * given out lowest first, so a high one tells in time.
   */
  #isLastDescriptor(socket: Socket): boolean {
    const { descriptorLimit } = this.#parts
    const { _handle: handle } = socket as unknown as { _handle?: { fd?: number } | null }
    return (handle?.fd ?? 0) >= descriptorLimit - SPARE_DESCRIPTORS
  }
}
