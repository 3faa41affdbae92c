import { number, oneOf, reference } from '../shared/fields.js'

/** The properties of `delivery-fault` (CONTRACT 2). */
export const fields = {
  broker: reference(),
  feed: reference(),
  fault: oneOf('outage'),
  seconds: number(5, { min: 0.1, max: 3600 })
}
