import type { Node, NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import { DeliveryError } from '../../lib/errors.js'
import type { PollTarget } from '../../lib/poll/poller-options.js'
import { firstItems, type PollTrial, tryPoll } from '../../lib/poll/try-poll.js'
import { readFields, type Values } from '../shared/fields.js'
import { feedOf } from '../shared/server-reference.js'
import { savedCredentials, standIn } from '../shared/stand-in.js'
import { TRY_BYTES, TRY_MS, type TryRequest, type TryResult, tryRoute } from '../shared/try-route.js'
import { credentialsAgain, requireDeployed, withoutClientKey } from '../shared/try-rules.js'
import { fields } from './fields.js'
import { checkTogether, readingOf } from './poll-reading.js'
import { type PollCredentials, planTarget, type TargetPlan } from './poll-target.js'
import { proxyRule } from './proxy.js'
import { customHeaders } from './request-headers.js'

/** What a deployed poll-source polls. */
interface DeployedPoll {
  readonly values: Values<typeof fields>
  readonly plan: TargetPlan
}

/** Of a long document this many items are looked at; all are counted. */
const MOST_ITEMS = 1000
const LONGEST_ID = 200

/**
 * `POST delivery/try/poll` (CONTRACT 6). Call it once per runtime, in the module function.
 * @returns `add`, which tells what a node polls that was deployed, and returns how to take it back
 */
export function pollTries(RED: NodeAPI): { add(node: Node, deployed: DeployedPoll): () => void } {
  const deployedPolls = new Map<string, DeployedPoll>()
  tryRoute(RED, 'poll', async (asked, signal, redaction): Promise<TryResult> => {
    const stand = standIn(RED, 'poll-source', asked, redaction)
    const values = readFields(fields, stand.config)
    checkAlone(RED, values)
    const plan = planTarget(RED, stand.node as Node<PollCredentials>, values)
    let items: number | null = null
    const reading = readingOf(RED, stand.node, { ...values, start: 'oldest', emit: 'changes' }, plan, find =>
      firstItems(find, MOST_ITEMS, count => {
        items = count
      })
    )
    const custom = customHeaders(RED, stand.node, values.headers)
    const saved = needed(values, savedCredentials(asked, stand.deployed))
    const found = await tryPoll({
      clock: systemClock(),
      random: Math.random,
      reading,
      read: plan.feed ? values.read : 'latest',
      accept: plan.accept,
      withinMs: Math.min(values.timeoutMs, TRY_MS),
      maxBodyBytes: Math.min(values.maxBodyBytes, TRY_BYTES),
      signal,
      proxy: proxyRule(RED, values.proxy),
      async target(given) {
        const target = await plan.find(undefined, given)
        return checkTarget(target, plan, await isWhereDeployed(target, values, asked, given), saved)
      },
      async headers() {
        const headers = await custom(undefined)
        for (const { name, valueType } of values.headers)
          if (valueType !== 'str') redaction.add(headers[name])
        return headers
      }
    })
    return told(found, items, values)
  })

  /** Whether the deployed node asks there, in the same way. */
  async function isWhereDeployed(
    { url }: PollTarget,
    { tls, proxy }: Values<typeof fields>,
    { id }: TryRequest,
    signal: AbortSignal
  ): Promise<boolean> {
    const known = deployedPolls.get(id)
    if (!known || known.values.tls !== tls || known.values.proxy !== proxy) return false
    try {
      return (await known.plan.find(undefined, signal)).url.origin === url.origin
    } catch {
      // it has no address of its own, such as one that takes msg.url
      return false
    }
  }

  return {
    add({ id }, deployed) {
      deployedPolls.set(id, deployed)
      return () => {
        // the successor of a deploy may have come first
        if (deployedPolls.get(id) === deployed) deployedPolls.delete(id)
      }
    }
  }
}

/** What cannot be tried, or not yet. @throws DeliveryError */
function checkAlone(RED: NodeAPI, values: Values<typeof fields>): void {
  checkTogether(values)
  const { headers, target, url } = values
  const late = headers.find(({ valueType, name }) => valueType === 'msg' && name.trim() !== '')
  if (late)
    throw new DeliveryError(
      'CONFIG_INVALID',
      `headers, ${late.name}: expected a value that is known without a message, found msg.${late.value}; a try has no message`
    )
  if (target === 'url' && url === '')
    throw new DeliveryError('URL_INVALID', 'Expected a URL, found none: a try has no message that brings one')
  if (target === 'feed') {
    requireDeployed(RED, values.feed, 'poll-feed')
    if (feedOf(RED, values.feed).state().kind === 'idle')
      throw new DeliveryError(
        'SERVER_CLOSED',
        'Expected a feed that listens, found one that no node uses: deploy, then try again'
      )
  }
  requireDeployed(RED, values.tls, 'TLS configuration')
  requireDeployed(RED, values.proxy, 'http proxy')
}

/** Of the saved credentials those that would be sent. */
function needed({ authType }: Values<typeof fields>, saved: readonly string[]): readonly string[] {
  const used = { none: [], basic: ['username', 'password'], bearer: ['token'], header: ['token'] }[authType]
  return saved.filter(name => (used as readonly string[]).includes(name))
}

/** @throws DeliveryError `CREDENTIALS_AGAIN` */
function checkTarget(
  target: PollTarget,
  { feed }: TargetPlan,
  isWhereDeployed: boolean,
  saved: readonly string[]
): PollTarget {
  if (isWhereDeployed) return target
  if (saved.length > 0) throw credentialsAgain(target.url.origin)
  // what a feed is asked with is deployed with the feed
  return feed ? target : { ...target, tls: withoutClientKey(target.tls) }
}

function told(
  { first, origin, error, ...found }: PollTrial,
  items: number | null,
  { timeoutMs, maxBodyBytes }: Values<typeof fields>
): TryResult {
  return {
    ...found,
    error: error && explained(error, timeoutMs, maxBodyBytes),
    address: origin,
    items,
    first: first && {
      id: first.id?.slice(0, LONGEST_ID) ?? null,
      time: first.generatedAt,
      timeZoneMissing: first.timeZoneMissing
    }
  }
}

/** The bounds of a try are not those of the node. */
function explained(error: DeliveryError, timeoutMs: number, maxBodyBytes: number): DeliveryError {
  const more =
    error.code === 'TIMEOUT' && timeoutMs > TRY_MS
      ? ` (a try waits no longer; the node itself waits ${timeoutMs} ms)`
      : error.code === 'BODY_TOO_LARGE' && maxBodyBytes > TRY_BYTES
        ? ` (a try takes no more; the node itself takes ${maxBodyBytes} bytes)`
        : ''
  return more === '' ? error : new DeliveryError(error.code, error.message + more, { cause: error })
}
