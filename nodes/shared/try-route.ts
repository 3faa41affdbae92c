import type { NodeAPI } from 'node-red'
import { asDeliveryError, DeliveryError } from '../../lib/errors.js'
import type { Bytes, Ms } from '../../lib/units.js'
import { Redaction } from './redaction.js'

/** Bounds of one try. */
export const TRY_MS: Ms = 10_000
export const TRY_BYTES: Bytes = 1_048_576
/** Tries under way at once, of all users together. */
const MOST_AT_ONCE = 4

/** A node as it stands in its open dialog. */
export interface TryRequest {
  readonly id: string
  /** Its tab; '' for a config node that is on none. */
  readonly z: string
  /** Its group, '' for none. */
  readonly g: string
  readonly name: string
  /** Its properties (CONTRACT 2). */
  readonly config: Readonly<Record<string, unknown>>
  /** As typed; absent, or the editor's placeholder, for those that stay as they are saved. */
  readonly credentials: Readonly<Record<string, string>>
  /** What to subscribe to. */
  readonly topicFilter: string
}

/** What a try found; `error` null when it went well. */
export interface TryResult extends Readonly<Record<string, unknown>> {
  readonly error: DeliveryError | null
  /** Scheme, host and port that were asked; null when nobody was. */
  readonly address: string | null
}

export type Attempt = (asked: TryRequest, signal: AbortSignal, redaction: Redaction) => Promise<TryResult>

/** Who is trying now: each runtime has one admin app. */
const tryingByApp = new WeakMap<object, Set<string>>()

/**
 * `POST delivery/try/<what>` (CONTRACT 6): one bounded try with the settings of an open dialog. Call it once per
 * runtime, in the module function.
 */
export function tryRoute(RED: NodeAPI, what: 'poll' | 'broker', attempt: Attempt): void {
  const trying = tryingByApp.get(RED.httpAdmin) ?? new Set()
  tryingByApp.set(RED.httpAdmin, trying)
  const audit = (facts: object, request: unknown) =>
    RED.log.audit({ event: 'delivery.try', what, ...facts } as never, request as never)
  RED.httpAdmin.post(
    `/delivery/try/${what}`,
    RED.auth.needsPermission('delivery.write'),
    async (request, response) => {
      response.set('cache-control', 'no-store')
      const user = (request as { user?: { username?: string } }).user?.username ?? ''
      const refuse = (status: number, { code, message }: DeliveryError) => {
        audit({ error: code }, request)
        response.status(status).json({ error: code, message })
      }
      let asked: TryRequest
      try {
        // a form of a foreign page can send anything but JSON
        if (!request.is('application/json')) throw invalid('a JSON body', request.headers['content-type'])
        asked = readRequest(request.body)
      } catch (error) {
        refuse(400, asDeliveryError(error, 'CONFIG_INVALID'))
        return
      }
      if (trying.has(user) || trying.size >= MOST_AT_ONCE) {
        const found = trying.has(user) ? 'one of yours under way' : `${trying.size} under way`
        refuse(429, new DeliveryError('TRY_BUSY', `Expected to be the only try, found ${found}`))
        return
      }
      trying.add(user)
      const leaving = new AbortController()
      response.once('close', () => leaving.abort())
      const redaction = new Redaction()
      try {
        const result = await inTime(attempt(asked, leaving.signal, redaction)).catch((error: unknown) => ({
          error: asDeliveryError(error, 'CONFIG_INVALID'),
          address: null
        }))
        const { error, address, ...found } = result
        const code = error?.code ?? null
        audit({ id: asked.id, address, error: code }, request)
        const told = error && { code, message: error.message }
        // where it went is no secret to the one who sent it there
        if (!response.destroyed) response.json({ address, ...redaction.all({ error: told, ...found }) })
      } finally {
        trying.delete(user)
      }
    }
  )
}

/** Every try keeps its own time; this is for what cannot be stopped, such as a lookup of a name. */
function inTime(result: Promise<TryResult>): Promise<TryResult> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new DeliveryError('TIMEOUT', `Expected a try to end within ${TRY_MS} ms, found it under way`))
    }, TRY_MS + 1000)
    result.then(resolve, reject).finally(() => clearTimeout(late))
  })
}

const invalid = (expected: string, found: unknown) =>
  new DeliveryError('CONFIG_INVALID', `Expected ${expected}, found ${JSON.stringify(found) ?? 'none'}`)

function readRequest(body: unknown): TryRequest {
  const { id, z, g, name, config, credentials, topicFilter } = recordOf(body, 'an object')
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const typed = Object.entries(recordOf(credentials ?? {}, 'credentials to be an object'))
  return {
    id: text(id),
    z: text(z),
    g: text(g),
    name: text(name),
    config: recordOf(config, 'config to be an object'),
    credentials: Object.fromEntries(
      typed.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    ),
    topicFilter: text(topicFilter) || 'updates'
  }
}

function recordOf(value: unknown, expected: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  // what it is, not what it holds: a credential may be in it
  throw invalid(expected, value === null ? 'null' : typeof value)
}
