import { number, text } from '../shared/fields.js'
import { propertyFields } from '../shared/properties.js'

/** The properties of `delivery-metrics` (CONTRACT 2). */
export const fields = {
  targetMs: number(1000, { min: 0 }),
  targetShare: number(0.95, { min: 0, max: 1 }),
  plannedClients: number(1, { min: 1, integer: true }),
  maxRequestsPerSecond: number(null, { min: 0 }),
  maxBytesPerDay: number(null, { min: 0 }),
  warmUpSeconds: number(2, { min: 0 }),
  /** 0 = on demand only. */
  emitEverySeconds: number(5, { min: 0, max: 86_400 }),
  laneProperty: text('topic'),
  ...propertyFields
}
