import type { Node, NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { DeliveryError } from '../../lib/errors.js'
import type { AnswerFacts, Batch } from '../../lib/poll/poll-run.js'
import { Poller } from '../../lib/poll/poller.js'
import { PollFailure, type PollState } from '../../lib/poll/poller-options.js'
import { defineNode, type Message } from '../shared/define-node.js'
import { flowStarts } from '../shared/flow-starts.js'
import { sourceMessages } from '../shared/messages.js'
import { runningRoute } from '../shared/running-route.js'
import type { ServerState } from '../shared/server-node.js'
import { statusReporter } from '../shared/status.js'
import { controlOf } from './control.js'
import { fields } from './fields.js'
import { cursorKeepers } from './kept-cursors.js'
import { checkTogether, readingOf } from './poll-reading.js'
import { pollStatus } from './poll-status.js'
import { type PollCredentials, planTarget } from './poll-target.js'
import { proxyRule } from './proxy.js'
import { customHeaders } from './request-headers.js'
import { pollTries } from './try-poll.js'

/** Asks for updates over HTTP, on its own schedule or on demand, and sends each one as a message. */
export default defineNode('poll-source', (RED: NodeAPI) => {
  const clock = systemClock()
  const onFlowsStarted = flowStarts(RED)
  const keepCursors = cursorKeepers()
  const route = runningRoute(RED, 'poll')
  const tries = pollTries(RED)
  const word = (key: string) => RED._(`poll-source.status.${key}`)

  return {
    fields,
    credentials: {
      username: { type: 'text' },
      password: { type: 'password' },
      token: { type: 'password' }
    },
    start(node, values) {
      const plan = planTarget(RED, node as Node<PollCredentials>, values)
      checkTogether(values)
      const reading = readingOf(RED, node, values, plan)
      const headers = customHeaders(RED, node, values.headers)
      const proxy = proxyRule(RED, values.proxy)

      const status = statusReporter(node)
      let server: ServerState | null = plan.feed?.state() ?? null
      let state: PollState | null = null
      let latencyMs: number | null = null
      let running = true
      const said = () => {
        const { updates } = poller.report().totals
        return pollStatus({ server, state, now: clock.now(), updates, latencyMs }, word)
      }
      const show = () => status.showAsked(said)
      const resource = [values.target, plan.feed ? values.feed : values.url, plan.stream, values.read]
      const keeper = keepCursors(node, JSON.stringify(resource), () => poller.cursors())

      const poller: Poller<Message> = new Poller<Message>({
        ...values,
        clock,
        random: Math.random,
        source: node.id,
        sourceName: node.name || `poll ${plan.stream}`,
        stream: plan.stream,
        reading,
        accept: plan.accept,
        sameClock: plan.sameClock,
        leastGapMs: plan.feed ? 0 : 100,
        cursors: keeper.first,
        proxy,
        target: plan.find,
        headers,
        server: () => plan.feed?.server() ?? null,
        exchangesWanted: () => isWired(node),
        onBatch(batch, passedOn) {
          latencyMs = batch.updates.at(-1)?.delivery.latencyMs ?? null
          const parts = partsOf(batch)
          const conventional = plan.feed ? undefined : factsOf(batch)
          node.send([
            batch.updates.map(({ delivery, payload }, index) =>
              messages.delivery(delivery, payload, { passedOn, conventional, parts: parts(index) })
            ),
            null
          ])
        },
        onExchange(exchange, passedOn) {
          const told = running ? exchange : { ...exchange, paused: true }
          node.send([null, messages.exchange(told, { passedOn })])
        },
        onCursors: () => keeper.changed(),
        onState(now) {
          // nothing new after nothing new: what is shown still holds
          const same = state?.kind === 'ok' && now.kind === 'ok' && now.outcome === 'empty'
          state = now
          if (!same) show()
        },
        // without a message, Catch never sees it
        onError: (error, answer) =>
          node.error(error, { topic: plan.stream, ...(answer ? factsOf(answer) : {}) } as Message)
      })
      const messages = sourceMessages({
        clock,
        clone: RED.util.cloneMessage,
        report: () => poller.report()
      })
      const leaveFeed = plan.feed?.join({
        node,
        onState(now) {
          server = now
          show()
        }
      })
      const setRunning = (wanted: boolean) => {
        if (wanted !== running) {
          running = wanted
          poller.setRunning(wanted)
          // a paused source has nothing else to tell it by
          poller.tell()
        }
        return { running }
      }
      const leaveRoute = route.add(node.id, setRunning, () => ({ running }), {
        // as a message would: what goes wrong is told where it always is
        poll: () => node.receive({ poll: true } as Message)
      })
      const leaveTries = tries.add(node, { values, plan })
      const startedAgain = () => {
        stopWaiting = onFlowsStarted(startedAgain)
        poller.tell()
      }
      let stopWaiting = onFlowsStarted(() => {
        stopWaiting = onFlowsStarted(startedAgain)
        poller.start()
      })
      show()

      return {
        async input(message) {
          const { running, intervalMs, reset, poll } = controlOf(message)
          if (reset) poller.reset()
          if (intervalMs !== undefined) poller.setInterval(intervalMs)
          if (running !== undefined) setRunning(running)
          if (poll) await poller.poll(message).catch(error => explain(message, error))
        },
        async close(removed) {
          stopWaiting()
          leaveRoute()
          leaveTries()
          status.close()
          keeper.close(removed)
          await poller.close()
          leaveFeed?.()
        }
      }
    }
  }
})

/** The second output, as it is wired now: wires change without a restart of the node. */
function isWired(node: Node): boolean {
  const { wires } = node as Node & { readonly wires?: readonly (readonly string[])[] }
  return (wires?.[1]?.length ?? 0) > 0
}

const factsOf = ({ statusCode, headers, responseUrl }: AnswerFacts): Readonly<Record<string, unknown>> => ({
  statusCode,
  headers,
  responseUrl
})

const partsOf = ({ exchangeId, updates: { length: count } }: Batch) =>
  count < 2 ? () => undefined : (index: number) => ({ id: exchangeId, index, count, type: 'array' as const })

/** Fails a message's poll; like the core HTTP node, it says on the message what was answered. */
function explain(message: Message, error: unknown): void {
  // nobody is left to tell
  if (error instanceof DeliveryError && error.code === 'SERVER_CLOSED') return
  if (error instanceof PollFailure && error.answer) Object.assign(message, factsOf(error.answer))
  throw error
}
