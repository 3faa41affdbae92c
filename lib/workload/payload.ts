import type { Bytes } from '../units.js'
import { seededRandom } from './random.js'

/** What a workload sends when it has no recorded payload. */
export interface WorkloadPayload {
  /** From 1. */
  readonly n: number
  /** A random walk in steps of at most 0.5, three decimals. */
  readonly value: number
  readonly pad: string
}

/** Another stream of the seed than the arrivals use, so that values do not depend on the kind of arrivals. */
const VALUES = 1

/**
 * Makes payloads one after the other, the same for the same seed.
 * @param payloadBytes - length of each as JSON, exactly; when that is too small, `pad` is empty
 */
export function payloads(payloadBytes: Bytes, seed: number): () => WorkloadPayload {
  const random = seededRandom(seed, VALUES)
  let n = 0
  let thousandths = 0
  return () => {
    n += 1
    thousandths += Math.round((random() - 0.5) * 1000)
    const bare = { n, value: thousandths / 1000, pad: '' }
    return { ...bare, pad: 'x'.repeat(Math.max(0, payloadBytes - JSON.stringify(bare).length)) }
  }
}
