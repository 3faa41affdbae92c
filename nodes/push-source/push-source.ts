import type { Node, NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { startSubscriber } from '../../lib/push/subscriber.js'
import { newSubscriberMemory, type SubscriberMemory } from '../../lib/push/subscriber-memory.js'
import type { SubscriberState } from '../../lib/push/subscriber-options.js'
import { defineNode, type Message } from '../shared/define-node.js'
import { flowStarts } from '../shared/flow-starts.js'
import { sourceMessages } from '../shared/messages.js'
import { finders } from '../shared/properties.js'
import type { ServerState } from '../shared/server-node.js'
import { brokerOf } from '../shared/server-reference.js'
import { statusReporter } from '../shared/status.js'
import { ownClientId } from './client-id.js'
import { fields } from './fields.js'
import { lossReporter } from './loss-reporter.js'
import { pushStatus } from './push-status.js'

/** The second output, as it is wired now: wires change without a restart of the node. */
const isWired = (node: Node): boolean => {
  const wires = (node as Node & { readonly wires?: readonly (readonly string[])[] }).wires
  return (wires?.[1]?.length ?? 0) > 0
}

/** Receives updates by MQTT subscription and sends each one as a message. */
export default defineNode('push-source', (RED: NodeAPI) => {
  const clock = systemClock()
  const onFlowsStarted = flowStarts(RED)
  /** What each node holds of its broker, over deploys. */
  const memories = new Map<string, { readonly key: string; readonly memory: SubscriberMemory }>()
  const word = (key: string) => RED._(`push-source.status.${key}`)

  return {
    fields,
    start(node, values) {
      const { stream, qos, session } = values
      const broker = brokerOf(RED, values.broker)
      const clientId = values.clientId || ownClientId(RED, node)
      const key = JSON.stringify([values.broker, session, clientId])
      const kept = memories.get(node.id)
      const memory = kept?.key === key ? kept.memory : newSubscriberMemory()
      memories.set(node.id, { key, memory })

      const status = statusReporter(node)
      const losses = lossReporter(loss => node.warn(RED._('push-source.warning.lost', loss)))
      let server: ServerState = broker.state()
      let state: SubscriberState = { kind: 'waiting' }
      let latencyMs: number | null = null
      const said = () => {
        const { updates } = subscriber.report().totals
        const { lost } = subscriber
        return pushStatus({ server, subscriber: state, updates, lost, latencyMs }, word)
      }
      const show = () => status.showAsked(said)

      const subscriber = startSubscriber({
        endpoints: signal => broker.endpoints(signal),
        clock,
        random: Math.random,
        source: { id: node.id, name: node.name || `push ${stream}` },
        topicFilter: stream,
        qos,
        session,
        clientId,
        finders: finders(RED, node, values),
        memory,
        server: () => broker.server(),
        exchangesWanted: () => isWired(node),
        onDelivery(delivery, payload, packet) {
          latencyMs = delivery.latencyMs
          show()
          const conventional = { qos: packet.qos, retain: packet.retain }
          node.send([messages.delivery(delivery, payload, { conventional }), null])
        },
        onExchange: exchange => node.send([null, messages.exchange(exchange)]),
        onState(now) {
          state = now
          show()
        },
        onLoss: loss => losses.add(loss),
        onError: error => node.error(error, { topic: stream } as Message)
      })
      const messages = sourceMessages({ clock, clone: RED.util.cloneMessage, report: subscriber.report })
      const leave = broker.join({
        node,
        onState(now) {
          server = now
          show()
        }
      })
      const tellAgain = () => {
        stopWaiting = onFlowsStarted(tellAgain)
        subscriber.tell()
      }
      let stopWaiting = onFlowsStarted(tellAgain)

      return {
        async close(removed) {
          stopWaiting()
          losses.close()
          status.close()
          if (removed) memories.delete(node.id)
          await subscriber.close({ forget: removed && session === 'persistent' })
          leave()
        }
      }
    }
  }
})
