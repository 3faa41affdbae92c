import type { Aedes, AedesOptions, PublishPacket } from 'aedes'
import { DeliveryError } from '../errors.js'
import { StoreFirst } from './store-first.js'
import type { Tally } from './tally.js'
import { isReservedTopic, topicNameFault } from './topic-rules.js'

interface PublishRulesParts {
  readonly broker: Aedes
  readonly tally: Tally
  /** Whether a topic is one of our own streams. */
  readonly isOurs: (topic: string) => boolean
}

/** What clients may publish: Aedes' `authorizePublish`. Wills come through here as well. */
export function publishRules({
  broker,
  tally,
  isOurs
}: PublishRulesParts): NonNullable<AedesOptions['authorizePublish']> {
  const storeFirst = new StoreFirst(broker)
  return (client, packet, callback) => {
    const fault = topicNameFault(packet.topic)
    if (fault !== null) {
      // [MQTT-3.3.2-2], [MQTT-1.5.3-1]: the connection must be closed
      tally.add('malformed')
      callback(new DeliveryError('TOPIC_INVALID', fault))
      return
    }
    if (isReservedTopic(packet.topic)) {
      tally.add('reservedTopic')
      // A refusal would end the connection, and at QoS 1 the client would come back with the same message for ever.
      if (isWill(packet)) callback(new DeliveryError('TOPIC_INVALID', '$SYS is reserved'))
      else {
        storeFirst.drop(packet)
        callback(null)
      }
      return
    }
    if (isOurs(packet.topic)) tally.add('foreignPublish')
    if (client && packet.qos === 1 && !isWill(packet)) storeFirst.publish(packet, client, callback)
    else callback(null)
  }
}

const isWill = (packet: PublishPacket): boolean => packet.cmd !== 'publish'
