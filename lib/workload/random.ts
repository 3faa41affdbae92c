/**
 * Seeded uniform numbers in [0, 1): sfc32 (C. Doty-Humphrey, PractRand), 2^128 states. The same seed gives
 * the same numbers on every machine.
 * @param seed - any whole number
 * @param stream - numbers of different streams of one seed are independent
 */
export function seededRandom(seed: number, stream = 0): () => number {
  let a = seed | 0
  let b = Math.floor(seed / 2 ** 32) | 0
  let c = stream | 0
  let counter = 1
  const next = () => {
    const mixed = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + mixed) | 0
    return (mixed >>> 0) / 2 ** 32
  }
  // near seeds differ in few bits at first
  for (let round = 0; round < 15; round += 1) next()
  return next
}

/** One exponentially distributed number of the given mean. */
export const exponential = (mean: number, random: () => number): number => -Math.log(1 - random()) * mean
