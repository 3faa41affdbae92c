import type { Socket } from 'node:net'
import type { Bytes } from '../units.js'
import type { FeedCounts } from './feed-counts.js'
import type { FeedLimits } from './feed-limits.js'

/** Watches answers that their clients do not take, and ends the connections of those that take too long or too much. */
export class SlowReceivers {
  readonly #limits: FeedLimits
  readonly #counts: FeedCounts
  readonly #waiting = new Map<Socket, Bytes>()
  #total: Bytes = 0

  constructor(limits: FeedLimits, counts: FeedCounts) {
    this.#limits = limits
    this.#counts = counts
  }

  /**
   * An answer of `bytes` is out and the socket did not take it whole, or an earlier answer is in its way.
   * @param whenOver - calls back when the answer is taken or its connection gone
   */
  watch(socket: Socket, bytes: Bytes, whenOver: (taken: () => void) => void): void {
    const waiting = (this.#waiting.get(socket) ?? 0) + bytes
    this.#waiting.set(socket, waiting)
    this.#total += bytes
    let over = false
    whenOver(() => {
      if (!over) this.#taken(socket, bytes)
      over = true
    })
    if (waiting > this.#limits.waitingBytes) this.#drop(socket, 'waitingBytes')
    else if (this.#total > this.#limits.totalWaitingBytes) this.#drop(socket, 'totalWaitingBytes')
    // Node counts every byte that the client takes as activity
    else if (socket.writableLength > 0) socket.setTimeout(this.#limits.sendMs)
  }

  /** A socket was idle for its time-out: `sendMs` while an answer waits in it, else the keep-alive time-out. */
  idle(socket: Socket): void {
    if (this.#waiting.has(socket)) this.#drop(socket, 'sendMs')
    else socket.destroy()
  }

  #taken(socket: Socket, bytes: Bytes): void {
    this.#total -= bytes
    const left = (this.#waiting.get(socket) ?? 0) - bytes
    if (left > 0) this.#waiting.set(socket, left)
    else this.#waiting.delete(socket)
  }

  #drop(socket: Socket, limit: 'sendMs' | 'waitingBytes' | 'totalWaitingBytes'): void {
    if (socket.destroyed) return
    this.#counts.dropped++
    this.#counts.bit(limit)
    socket.destroy()
  }
}
