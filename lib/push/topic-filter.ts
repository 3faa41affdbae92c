import { DeliveryError } from '../errors.js'

/** MQTT strings carry their length in two bytes, MQTT 3.1.1 §1.5.3. */
const LONGEST = 65_535

/** What is wrong with `filter` as a topic filter (MQTT 3.1.1 §4.7), or null when it is one. */
export function topicFilterFault(filter: string): string | null {
  const found = `found ${JSON.stringify(filter)}`
  if (filter === '') return 'expected a topic filter, found none'
  if (Buffer.byteLength(filter) > LONGEST) return `expected a topic filter of at most ${LONGEST} bytes`
  if (filter.includes('\0') || !filter.isWellFormed())
    return `expected a topic filter of whole characters without NUL, ${found}`
  const levels = filter.split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1))
      return `expected # alone in the last level of a topic filter, ${found}`
    if (level.includes('+') && level !== '+')
      return `expected + alone in its level of a topic filter, ${found}`
  }
  return null
}

/** @throws DeliveryError `TOPIC_INVALID` */
export function checkTopicFilter(filter: string): string {
  const fault = topicFilterFault(filter)
  if (fault !== null) throw new DeliveryError('TOPIC_INVALID', fault)
  return filter
}
