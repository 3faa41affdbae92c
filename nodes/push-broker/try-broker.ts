import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { NodeAPI } from 'node-red'
import { systemClock } from '../../lib/clock.js'
import type { DeliveryError } from '../../lib/errors.js'
import { type SubscriptionTrial, trySubscription } from '../../lib/push/try-subscription.js'
import { tryListen } from '../../lib/thread/try-listen.js'
import { readFields, type Values } from '../shared/fields.js'
import type { BrokerEndpoint, BrokerNode } from '../shared/server-node.js'
import { savedCredentials, standIn } from '../shared/stand-in.js'
import { TRY_BYTES, TRY_MS, type TryResult, tryRoute } from '../shared/try-route.js'
import { credentialsAgain, requireDeployed, withoutClientKey } from '../shared/try-rules.js'
import { type BrokerCredentials, credentialsOf } from './credentials.js'
import { embeddedBroker } from './embedded-broker.js'
import { externalBroker } from './external-broker.js'
import { fields } from './fields.js'

/** What a deployed push-broker is. */
interface DeployedBroker {
  readonly node: BrokerNode
  readonly values: Values<typeof fields>
  readonly credentials: BrokerCredentials
}

/** A broker as its dialog has it. */
interface EditedBroker extends Omit<DeployedBroker, 'node'> {
  readonly deployed: DeployedBroker | null
  readonly topicFilter: string
  readonly signal: AbortSignal
}

const LONGEST_TOPIC = 200
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'mqtt:': '1883',
  'mqtts:': '8883',
  'ws:': '80',
  'wss:': '443'
}

/**
 * `POST delivery/try/broker` (CONTRACT 6). Call it once per runtime, in the module function.
 * @returns `add`, which makes a deployed node known, and returns how to take it out
 */
export function brokerTries(RED: NodeAPI): { add(node: BrokerNode, config: object): () => void } {
  const configs = new Map<string, { readonly node: BrokerNode; readonly config: object }>()
  const deployedBroker = (id: string): DeployedBroker | null => {
    const known = configs.get(id)
    if (!known) return null
    try {
      const values = readFields(fields, known.config as Readonly<Record<string, unknown>>)
      return { node: known.node, values, credentials: credentialsOf(known.node) }
    } catch {
      // deployed with settings that cannot be: it says so itself, and is like no other
      return null
    }
  }

  tryRoute(RED, 'broker', async (asked, signal, redaction): Promise<TryResult> => {
    const stand = standIn(RED, 'push-broker', asked, redaction)
    const values = readFields(fields, stand.config)
    requireDeployed(RED, values.tls, 'TLS configuration')
    const edited: EditedBroker = {
      values,
      credentials: credentialsOf(stand.node),
      deployed: deployedBroker(asked.id),
      topicFilter: String(stand.resolve(asked.topicFilter)),
      signal
    }
    if (values.mode === 'embedded') return tryEmbedded(RED, edited)
    const saved = savedCredentials(asked, stand.deployed).length > 0
    return tryExternal(RED, edited, saved, href => redaction.add(href, addressOf(href)))
  })

  return {
    add(node, config) {
      const own = { node, config }
      configs.set(node.id, own)
      return () => {
        // the successor of a deploy may have come first
        if (configs.get(node.id) === own) configs.delete(node.id)
      }
    }
  }
}

/** @param onAddress - told each whole address: its path and query may be secret */
function tryExternal(
  RED: NodeAPI,
  edited: EditedBroker,
  saved: boolean,
  onAddress: (href: string) => void
): Promise<TryResult> {
  const { values, credentials, deployed } = edited
  const known = new Set(deployed ? externalAddresses(deployed.values) : [])
  const same = deployed?.values.tls === values.tls
  const endpoints = externalBroker(RED, values, credentials).endpoints.map((endpoint): BrokerEndpoint => {
    onAddress(endpoint.url)
    const address = addressOf(endpoint.url)
    if (same && known.has(address)) return endpoint
    if (saved) throw credentialsAgain(address)
    const { tls, ...others } = endpoint
    return { ...others, ...(tls ? { tls: withoutClientKey(tls) ?? {} } : {}) }
  })
  return subscribe(endpoints, edited)
}

async function tryEmbedded(RED: NodeAPI, edited: EditedBroker): Promise<TryResult> {
  const { values, credentials, deployed, signal } = edited
  const server = embeddedBroker(RED, values, credentials)
  const state = deployed?.node.state() ?? { kind: 'idle' as const }
  if (deployed && isDeepStrictEqual([deployed.values, deployed.credentials], [values, credentials])) {
    if (state.kind === 'listening' || state.kind === 'starting') {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)])
      return subscribe(await deployed.node.endpoints(limit), edited)
    }
    if ('error' in state) return { error: state.error, address: null, mode: values.mode }
  }
  const access = await server.permit()
  const own = new Set('address' in state ? [state.address.port, state.address.wsPort] : [])
  const ports: object[] = []
  for (const port of [values.port, values.wsPort]) {
    if (port === null) continue
    // a deploy ends the broker of before first
    const taken = port !== 0 && own.has(port)
    if (!taken) await tryListen(values.host, port)
    ports.push({ port, state: taken ? 'own' : port === 0 ? 'any' : 'free' })
  }
  return { error: null, address: null, mode: values.mode, host: values.host, ports, access }
}

async function subscribe(
  endpoints: readonly BrokerEndpoint[],
  { values, topicFilter, signal }: EditedBroker
): Promise<TryResult> {
  const found = await trySubscription({
    endpoints,
    clock: systemClock(),
    // a name of its own: it takes over nobody's connection
    clientId: `delivery-try-${randomBytes(4).toString('hex')}`,
    topicFilter,
    withinMs: TRY_MS,
    maxBytes: TRY_BYTES,
    signal
  })
  return told(found, values.mode, topicFilter)
}

function told(
  { url, failed, retained, ...found }: SubscriptionTrial,
  mode: string,
  topicFilter: string
): TryResult {
  const words = ({ code, message }: DeliveryError) => ({ code, message })
  return {
    ...found,
    address: addressOf(url),
    mode,
    topicFilter,
    retained: retained && { ...retained, topic: retained.topic.slice(0, LONGEST_TOPIC) },
    failed: failed.map(entry => ({ address: addressOf(entry.url), ...words(entry.error) }))
  }
}

/** Scheme, host and port. */
function addressOf(text: string): string {
  if (!URL.canParse(text)) return text
  const { protocol, hostname, port } = new URL(text)
  return `${protocol}//${hostname.toLowerCase()}:${port || DEFAULT_PORTS[protocol]}`
}

const externalAddresses = ({ mode, url }: Values<typeof fields>): readonly string[] =>
  mode === 'external' ? url.split(',').map(text => addressOf(text.trim())) : []
