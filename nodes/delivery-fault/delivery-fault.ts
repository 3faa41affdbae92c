import type { NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'
import { defineNode, type Message } from '../shared/define-node.js'
import { flowStarts } from '../shared/flow-starts.js'
import { runningRoute } from '../shared/running-route.js'
import type { ServerState } from '../shared/server-node.js'
import { statusReporter } from '../shared/status.js'
import { faultMessage } from './fault-messages.js'
import { faultStatus } from './fault-status.js'
import { fields } from './fields.js'
import { type Outage, startOutage } from './outage.js'
import { type Target, targetsOf } from './targets.js'

const STATUS_EVERY_MS = 500

/** Takes the embedded servers away for some seconds, and says so to the metrics node. */
export default defineNode('delivery-fault', (RED: NodeAPI) => {
  const route = runningRoute(RED, 'fault')
  const whenFlowsStart = flowStarts(RED)
  const clock = systemClock()
  /** Ends of outages that a deploy ended, to be told when the flows have started. By node id. */
  const untold = new Map<string, readonly Message[]>()

  return {
    fields,
    start(node, { broker, feed, seconds }) {
      const targets = targetsOf(RED, broker, feed)
      const states = new Map<Target, ServerState>()
      const status = statusReporter(node)
      let outage: Outage | null = null
      let closed = false
      /** What is away, and the message that says when it is back. */
      const away = new Map<Target, (until: number) => Message>()
      const show = () =>
        status.show(
          ...faultStatus(
            { states: [...states.values()], leftMs: outage && outage.dueAt - clock.now() },
            word => RED._(`delivery-fault.status.${word}`)
          )
        )

      const begin = (passedOn: Message): Promise<void> => {
        if (outage)
          throw new DeliveryError('FAULT_RUNNING', 'Expected the last fault to have ended, found it running')
        const started = startOutage({
          targets,
          lengthMs: seconds * 1000,
          clock,
          onAway(target, from) {
            if (closed) return
            const copy = () => RED.util.cloneMessage(passedOn)
            away.set(target, until => faultMessage(copy(), target, { from, until }))
            node.send(faultMessage(copy(), target, { from, until: null }))
          },
          onBack(target, _from, until) {
            const tell = away.get(target)
            away.delete(target)
            if (tell) node.send(tell(until))
          }
        })
        outage = started
        show()
        return started.over.finally(() => {
          outage = null
          show()
        })
      }

      const leaves = targets.map(target =>
        target.join({
          node,
          onState(state) {
            states.set(target, state)
            show()
          }
        })
      )
      const state = () => ({ running: outage !== null, dueAt: outage?.dueAt ?? null })
      const leaveRoute = route.add(
        node.id,
        running => {
          if (!running) outage?.end()
          else
            begin({} as Message).catch(error =>
              node.error(asDeliveryError(error, 'SERVER_CLOSED'), { topic: node.name ?? '' } as Message)
            )
          return running ? state() : { running: false, dueAt: null }
        },
        state
      )
      const stopWaiting = whenFlowsStart(() => {
        for (const message of untold.get(node.id) ?? []) node.send(message)
        untold.delete(node.id)
      })
      const shownEvery = setInterval(show, STATUS_EVERY_MS)
      show()

      return {
        async input(message) {
          if (message.running === false) outage?.end()
          else await begin(message)
        },
        close(removed) {
          closed = true
          stopWaiting()
          leaveRoute()
          clearInterval(shownEvery)
          status.close()
          // back at once: the node that would have ended it is gone
          outage?.end()
          const ends = [...away.values()].map(tell => tell(clock.now()))
          away.clear()
          if (removed) untold.delete(node.id)
          else if (ends.length > 0) untold.set(node.id, ends)
          if (removed) for (const end of ends) node.send(end)
          for (const leave of leaves) leave()
        }
      }
    }
  }
})
