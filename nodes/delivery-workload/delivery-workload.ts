import type { NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { DeliveryError } from '../../lib/errors.js'
import { parseTimes } from '../../lib/workload/times.js'
import { startWorkload, type Workload } from '../../lib/workload/workload.js'
import { defineNode, type Message } from '../shared/define-node.js'
import { readFields, type Values } from '../shared/fields.js'
import { flowStarts } from '../shared/flow-starts.js'
import { runningRoute } from '../shared/running-route.js'
import { statusReporter } from '../shared/status.js'
import { fields } from './fields.js'
import { workloadStatus } from './workload-status.js'

type Settings = Values<typeof fields>

const STATUS_EVERY_MS = 1000

/** What a message with `running: true` may set until the next deploy: all but `autostart`. */
const OVERRIDES = Object.keys(fields).filter(key => key !== 'autostart')

const optionsOf = (settings: Settings) => ({
  ...settings,
  times: settings.arrivals === 'replay' ? parseTimes(settings.times) : []
})

/** Makes updates on a schedule that does not drift. */
export default defineNode('delivery-workload', (RED: NodeAPI) => {
  const route = runningRoute(RED, 'workload')
  const whenFlowsStart = flowStarts(RED)
  const clock = systemClock()
  return {
    fields,
    start(node, values) {
      let settings = values
      let options = optionsOf(values)
      let workload: Workload | undefined
      const status = statusReporter(node)
      const show = () =>
        status.show(...workloadStatus(options, workload, word => RED._(`delivery-workload.status.${word}`)))

      const begin = () => {
        workload?.close()
        workload = startWorkload(options, {
          clock,
          onUpdate({ payload, dueAt, speed }) {
            // a recorded payload goes out again in the next round, whatever the flow does to this one
            const own = speed === null ? payload : RED.util.cloneMessage({ payload }).payload
            node.send({ payload: own, dueAt, speed } as Message)
          },
          onEnd: show
        })
      }

      const setRunning = (running: boolean, message: Readonly<Record<string, unknown>> = {}) => {
        const given = running ? OVERRIDES.filter(key => message[key] !== undefined) : []
        if (given.length > 0) {
          const overridden = Object.fromEntries(given.map(key => [key, message[key]]))
          const wanted = readFields(fields, { ...settings, ...overridden })
          // what throws leaves the workload as it is
          options = optionsOf(wanted)
          settings = wanted
          begin()
        } else if (!running) workload?.pause()
        else if (workload?.state === 'paused') workload.resume()
        else if (workload?.state !== 'running') begin()
        stopWaiting()
        show()
      }

      const stopWaiting = values.autostart ? whenFlowsStart(() => setRunning(true)) : () => {}
      const state = () => ({ running: workload?.state === 'running', count: workload?.count ?? 0 })
      const leave = route.add(
        node.id,
        running => {
          setRunning(running)
          return state()
        },
        state
      )
      const shownEvery = setInterval(show, STATUS_EVERY_MS)
      show()

      return {
        input(message) {
          if (typeof message.running !== 'boolean')
            throw new DeliveryError(
              'CONFIG_INVALID',
              `Expected msg.running to be true or false, found ${JSON.stringify(message.running)}`
            )
          setRunning(message.running, message)
        },
        close() {
          stopWaiting()
          leave()
          clearInterval(shownEvery)
          status.close()
          workload?.close()
        }
      }
    }
  }
})
