import { streamNameFault } from '../../lib/update/stream-name.js'
import { flag, oneOf, reference, text } from '../shared/fields.js'

/** The properties of `delivery-origin` (CONTRACT 2). */
export const fields = {
  broker: reference(),
  feed: reference(),
  /** '' = `msg.topic` */
  stream: text('updates', { check: streamNameFault, emptyIsDefault: false, code: 'STREAM_INVALID' }),
  qos: oneOf(0, 1, 2),
  retain: flag(false)
}
