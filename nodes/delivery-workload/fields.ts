import { custom, flag, number, oneOf } from '../shared/fields.js'

/** The properties of `delivery-workload` (CONTRACT 2). */
export const fields = {
  arrivals: oneOf('poisson', 'periodic', 'bursts', 'replay'),
  rate: number(1, { min: 0.000001, max: 100_000 }),
  burstSize: number(10, { min: 1, max: 100_000, integer: true }),
  /** Text or an array; read by `parseTimes`, and only for replay. */
  times: custom('', saved => saved),
  speed: number(1, { min: 0.001, max: 1_000_000_000 }),
  repeat: flag(false),
  payloadBytes: number(64, { min: 0, max: 10_485_760, integer: true }),
  seed: number(1, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true }),
  limit: number(null, { min: 1, integer: true }),
  autostart: flag(true)
}
