import type { NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { DeliveryError } from '../../lib/errors.js'
import { DeliveryMetrics } from '../../lib/metrics/delivery-metrics.js'
import { answerReport, type ReportAnswer } from '../../lib/metrics/report-formats.js'
import { defineNode, type Message, type Send } from '../shared/define-node.js'
import type { Values } from '../shared/fields.js'
import { finders } from '../shared/properties.js'
import { statusReporter } from '../shared/status.js'
import { metricsRoutes, type RunningMetrics } from './admin.js'
import { busyThread } from './busy-thread.js'
import { fields } from './fields.js'
import { metricsStatus } from './metrics-status.js'
import { pageFacts } from './page-facts.js'
import { hasRecord, recorder } from './records-of.js'
import { sourceWatch } from './source-watch.js'

const STATUS_EVERY_MS = 1000

/** Measures and compares every lane wired into it. */
export default defineNode('delivery-metrics', (RED: NodeAPI) => {
  const clock = systemClock()
  const running = new Map<string, RunningMetrics>()
  /** What survives a deploy that changes nothing but name and place: figures by node id. */
  const kept = new Map<string, { readonly settings: string; readonly metrics: DeliveryMetrics }>()
  const isGone = sourceWatch(id => Boolean(RED.nodes.getNode(id)))
  const ownBusyShare = busyThread(clock)
  metricsRoutes(RED, running)

  const metricsFor = (id: string, name: string, values: Values<typeof fields>): DeliveryMetrics => {
    const settings = JSON.stringify(values)
    const before = kept.get(id)
    const target = { ms: values.targetMs, share: values.targetShare }
    if (before?.settings === settings) {
      before.metrics.name = name
      // a target set by message holds until the next deploy
      before.metrics.retarget(target)
      return before.metrics
    }
    const metrics = new DeliveryMetrics({
      id,
      name,
      clock,
      wall: Date.now,
      targetMs: target.ms,
      targetShare: target.share,
      warmUpMs: values.warmUpSeconds * 1000,
      plans: {
        clients: values.plannedClients,
        maxRequestsPerSecond: values.maxRequestsPerSecond,
        maxBytesPerDay: values.maxBytesPerDay
      },
      isGone,
      ownBusyShare
    })
    kept.set(id, { settings, metrics })
    return metrics
  }

  return {
    fields,
    start(node, values) {
      const found = finders(RED, node, values)
      const metrics = metricsFor(node.id, node.name ?? '', values)
      const record = recorder({
        metrics,
        clock,
        finders: found,
        laneOf: message => RED.util.getMessageProperty(message, values.laneProperty)
      })
      const properties = found.id !== null || found.time !== null || found.value !== null
      const status = statusReporter(node)
      const show = () =>
        status.show(
          ...metricsStatus(metrics.report(false, 'none'), word => RED._(`delivery-metrics.status.${word}`))
        )
      const emit = () => node.send([{ topic: metrics.name, payload: metrics.report() } as Message, null])
      const timers = [setInterval(show, STATUS_EVERY_MS)]
      if (values.emitEverySeconds > 0) timers.push(setInterval(emit, values.emitEverySeconds * 1000))
      const facts = () => pageFacts(RED, metrics, values)
      const answer = (message: Message, format: unknown, send: Send) =>
        send([null, answered(message, answerReport(metrics, format, facts))])
      running.set(node.id, { node, metrics, facts })
      show()

      return {
        input(message, send) {
          const asked = message.report !== undefined && message.report !== false
          const controls = asked || message.reset !== undefined || message.target !== undefined
          if (message.reset) metrics.reset()
          if (message.target !== undefined) metrics.retarget(readTarget(message.target, metrics.target))
          if (asked) answer(message, message.report, send)
          if (hasRecord(message) || (properties && !controls)) return record(message)
          if (!controls) answer(message, true, send)
        },
        close(removed) {
          for (const timer of timers) clearInterval(timer)
          status.close()
          if (running.get(node.id)?.node === node) running.delete(node.id)
          if (removed) kept.delete(node.id)
        }
      }
    }
  }
})

/** The message that asked, its other properties kept, with the answer in it. */
function answered(message: Message, { payload, contentType }: ReportAnswer): Message {
  const headers = typeof message.headers === 'object' ? message.headers : {}
  return Object.assign(message, { payload, headers: { ...headers, 'content-type': contentType } })
}

function readTarget(value: unknown, before: { ms: number; share: number }): { ms: number; share: number } {
  const { ms = before.ms, share = before.share } = (value ?? {}) as { ms?: unknown; share?: unknown }
  const good = (figure: unknown, max: number): figure is number =>
    typeof figure === 'number' && figure >= 0 && figure <= max
  if (good(ms, Number.MAX_VALUE) && good(share, 1)) return { ms, share }
  throw new DeliveryError(
    'RECORD_INVALID',
    `Expected msg.target to be { ms, share } with ms ≥ 0 and share from 0 to 1, found ${JSON.stringify(value)}`
  )
}
