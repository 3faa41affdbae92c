import { topicFilterFault } from '../../lib/push/topic-filter.js'
import { oneOf, reference, text } from '../shared/fields.js'
import { propertyFields } from '../shared/properties.js'

/** The properties of `push-source` (CONTRACT 2). */
export const fields = {
  broker: reference(),
  /** A topic filter. */
  stream: text('updates', { check: topicFilterFault, code: 'TOPIC_INVALID' }),
  qos: oneOf(0, 1, 2),
  session: oneOf('clean', 'persistent'),
  /** '' = a hash of this Node-RED's instance id and the node's id */
  clientId: text(''),
  ...propertyFields
}
