import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import { placeOf, placeText } from './node-place.js'

/** Which origin feeds which stream of one server: one origin a stream. */
export class StreamClaims {
  readonly #claims = new Map<string, { readonly origin: Node }>()
  readonly #RED: NodeAPI

  constructor(RED: NodeAPI) {
    this.#RED = RED
  }

  /**
   * Takes a stream for one origin; the same node id may take it again, as a node does that was redeployed.
   * @returns how to give it back: it then gives back only its own claim
   * @throws DeliveryError `STREAM_TAKEN`, naming the other node and its tab
   */
  claim(stream: string, origin: Node): () => void {
    const holder = this.#claims.get(stream)
    if (holder && holder.origin.id !== origin.id)
      throw new DeliveryError(
        'STREAM_TAKEN',
        `Expected stream "${stream}" to have one origin, found ${placeText(placeOf(this.#RED, holder.origin))}`
      )
    const claim = { origin }
    this.#claims.set(stream, claim)
    return () => {
      if (this.#claims.get(stream) === claim) this.#claims.delete(stream)
    }
  }
}
