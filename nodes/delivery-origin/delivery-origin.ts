import type { NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'
import { encodeUpdate } from '../../lib/update/cloudevents.js'
import { newEpoch } from '../../lib/update/identity.js'
import { OriginStamps } from '../../lib/update/origin-stamps.js'
import { streamNameFault } from '../../lib/update/stream-name.js'
import type { Update } from '../../lib/update/update.js'
import { defineNode, type Message } from '../shared/define-node.js'
import { flowStarts } from '../shared/flow-starts.js'
import type { ServerState } from '../shared/server-node.js'
import { statusReporter } from '../shared/status.js'
import { claimedStreams } from './claimed-streams.js'
import { fields } from './fields.js'
import { originStatus } from './origin-status.js'
import { checkSize, handOver, type Server, serversOf } from './servers.js'

/** Stamps each message's payload once and hands the same bytes to both servers. */
export default defineNode('delivery-origin', (RED: NodeAPI) => {
  const whenFlowsStart = flowStarts(RED)
  const clock = systemClock()
  return {
    fields,
    start(node, { broker, feed, stream, qos, retain }) {
      const servers = serversOf(RED, broker, feed)
      const streams = claimedStreams(servers, node)
      const stamps = new OriginStamps(node.id, newEpoch(clock.now(), Math.random))
      const states = new Map<Server, ServerState>()
      const status = statusReporter(node)
      let lastError: DeliveryError | undefined
      const stateOf = (type: string) => [...states].find(([server]) => server.type === type)?.[1] ?? null
      const show = () =>
        status.show(
          ...originStatus(
            {
              broker: stateOf('push-broker'),
              feed: stateOf('poll-feed'),
              updates: stamps.kept,
              lastError
            },
            word => RED._(`delivery-origin.status.${word}`)
          )
        )
      const tell = (error: DeliveryError | undefined) => {
        lastError = error
        show()
      }

      /** Another origin may hold the stream: it is asked for again at every deploy, and by every message. */
      let stopWaiting = () => {}
      const take = (deployed: boolean) => {
        try {
          streams.take(stream)
          if (lastError?.code === 'STREAM_TAKEN') tell(undefined)
        } catch (error) {
          const taken = asDeliveryError(error, 'STREAM_TAKEN')
          tell(taken)
          // Catch nodes exist once flows have started
          if (deployed) node.error(taken, { topic: stream } as Message)
          stopWaiting = whenFlowsStart(() => take(true))
        }
      }
      if (stream !== '') take(false)
      const leave = servers.map(server =>
        server.join({
          node,
          onState(state) {
            states.set(server, state)
            show()
          }
        })
      )
      show()

      const accept = (message: Message, send: (message: Message) => void): Promise<void> => {
        const target = stream === '' ? streamOf(message) : stream
        streams.take(target)
        const speed = numberIn(message.speed)
        const update = stamps.next({
          stream: target,
          generatedAt: clock.now(),
          dueAt: numberIn(message.dueAt),
          speed: speed !== null && speed > 0 ? speed : null
        })
        const subject = subjectOf(message, target)
        const body = encodeUpdate(update, message.payload, subject)
        checkSize(body, servers)
        stamps.keep(update)
        send(stamped(message, update))
        const { id, epoch, sequence, generatedAt } = update
        return handOver(servers, update, {
          stream: target,
          id,
          epoch,
          sequence,
          generatedAt,
          body,
          qos,
          retain
        })
      }

      return {
        async input(message, send) {
          try {
            await accept(message, send)
            if (lastError) tell(undefined)
            else show()
          } catch (error) {
            tell(asDeliveryError(error, 'HAND_OVER_FAILED'))
            throw error
          }
        },
        close() {
          stopWaiting()
          for (const end of leave) end()
          streams.close()
          status.close()
        }
      }
    }
  }
})

function streamOf({ topic }: Message): string {
  const fault = streamNameFault(topic)
  if (fault !== null) throw new DeliveryError('STREAM_MISSING', `msg.topic: ${fault}`)
  return topic as string
}

const subjectOf = ({ topic }: Message, stream: string): string | null =>
  typeof topic === 'string' && topic !== '' && topic !== stream ? topic : null

const numberIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

/** The message with the stamp, and without what other nodes recorded on it. */
function stamped(message: Message, update: Update): Message {
  const { delivery, exchange, fleet, ...kept } = message
  return { ...kept, topic: update.stream, update } as Message
}
