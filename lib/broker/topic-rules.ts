/** What is wrong with the topic of a PUBLISH or a will, or null. MQTT 3.1.1, 1.5.3 and 4.7. */
export function topicNameFault(topic: string): string | null {
  if (topic === '') return 'expected a topic name, found none'
  // [MQTT-3.3.2-2]
  if (/[+#]/.test(topic)) return 'expected a topic name without + and #'
  return characterFault(topic)
}

/** What is wrong with a topic filter, or null. [MQTT-4.7.1-2], [MQTT-4.7.1-3] */
export function topicFilterFault(filter: string): string | null {
  if (filter === '') return 'expected a topic filter, found none'
  const levels = filter.split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1))
      return 'expected # alone in the last level'
    if (level.includes('+') && level !== '+') return 'expected + alone in its level'
  }
  return characterFault(filter)
}

/** [MQTT-1.5.3-1], [MQTT-1.5.3-2]: ill-formed UTF-8 has become U+FFFD by the time that the parser hands it over. */
function characterFault(text: string): string | null {
  if (text.includes('\0')) return 'expected UTF-8 without NUL'
  if (text.includes('\ufffd')) return 'expected well-formed UTF-8'
  return null
}

/** `$share/…`: granted by a 3.1.1 broker it would deliver nothing. */
export const isSharedFilter = (filter: string): boolean => filter.startsWith('$share/') || filter === '$share'

/** A filter that no client is granted. */
export const isRefusedFilter = (filter: string): boolean =>
  isSharedFilter(filter) || topicFilterFault(filter) !== null

/** Topics that belong to the broker. */
export const isReservedTopic = (topic: string): boolean => topic.startsWith('$SYS/') || topic === '$SYS'

/** Whether `filter` matches `topic`; wildcards in front do not match `$…` [MQTT-4.7.2-1]. */
export function topicMatches(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false
  const wanted = filter.split('/')
  const levels = topic.split('/')
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false
  }
  return wanted.length === levels.length
}
