import { type IClientOptions, Store } from 'mqtt'
import type { IPublishPacket } from 'mqtt-packet'

/**
 * QoS 2 by "method B" of MQTT 3.1.1 §4.3.3: a message is handed on when it comes, and its packet id is kept until
 * PUBREL, so that a second PUBLISH with that id is no second message. mqtt.js's own store hands it on at PUBREL,
 * a round trip later, and loses it when this process ends in between.
 * @param unreleased - the packet ids; may outlive the connection
 * @param handle - calls `done` once the message was handled
 * @param session - changes when the broker begins a new session: packet ids of the old one mean nothing then
 */
export function unreleasedStore(
  unreleased: Set<number>,
  handle: (packet: IPublishPacket, done: () => void) => void,
  session: () => number
): NonNullable<IClientOptions['incomingStore']> {
  const missing = () => new Error('no such packet id')
  return Object.assign(new Store({ clean: false }), {
    put(this: Store, packet: { messageId?: number }, cb: () => void): Store {
      const { messageId = 0 } = packet
      const mine = session()
      if (unreleased.has(messageId)) cb()
      else
        handle(packet as IPublishPacket, () => {
          if (session() === mine) unreleased.add(messageId)
          cb()
        })
      return this
    },
    get(this: Store, { messageId = 0 }: { messageId?: number }, cb: (error?: Error, packet?: never) => void) {
      const released = { cmd: 'publish', topic: '', payload: '', qos: 2, messageId } as never
      if (unreleased.has(messageId)) cb(undefined, released)
      else cb(missing())
      return this
    },
    del(this: Store, { messageId = 0 }: { messageId?: number }, cb: (error?: Error) => void) {
      if (unreleased.delete(messageId)) cb()
      else cb(missing())
      return this
    }
  })
}
