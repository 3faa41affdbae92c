import assert from 'node:assert/strict'
import mqtt from 'mqtt'
import type { NodeRed } from '../helpers/node-red.js'

/** One update as another program reads it. */
export interface Event {
  readonly id: string
  readonly epoch: string
  readonly sequence: string
}

/** Ids that came twice, and sequence numbers that are missing between two of one epoch. */
export function faults(events: readonly Event[]): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  let last: Event | undefined
  for (const event of events) {
    if (seen.has(event.id)) found.push(`twice: ${event.id}`)
    seen.add(event.id)
    if (last?.epoch === event.epoch && Number(event.sequence) !== Number(last.sequence) + 1)
      found.push(`${last.id} is followed by ${event.id}`)
    last = event
  }
  return found
}

/** What `GET delivery/server/<id>` says that these tests look at. */
export interface DescribedServer {
  readonly state: string
  readonly urls: readonly string[]
  readonly connections: number | null
  readonly limits: Readonly<Record<string, number>>
  readonly totals: {
    readonly connections: number
    readonly dropped: number
    readonly refused: number
    readonly updates: number
  } | null
}
export const describeServer = (red: NodeRed, id: string): Promise<DescribedServer> =>
  red.get<DescribedServer>(`/delivery/server/${id}`)

/** The first address of a server that starts with a scheme. */
export async function serverUrl(red: NodeRed, id: string, scheme = ''): Promise<string> {
  const { urls } = await describeServer(red, id)
  return urls.find(url => url.startsWith(scheme)) ?? assert.fail(`expected an address, found ${urls}`)
}

/** Reads the log of stream `updates` from the first update on, as another program would, until `stop`. */
export function readLog(feedUrl: string): { events: Event[]; gaps: number; stop(): Promise<void> } {
  // one for each request: what listens to a signal of a request that has ended goes only with the signal
  let request = new AbortController()
  let stopped = false
  const reader = {
    events: [] as Event[],
    gaps: 0,
    async stop() {
      stopped = true
      request.abort()
      await reading.catch((error: unknown) => {
        if ((error as Error).name !== 'AbortError') throw error
      })
    }
  }
  const reading = (async () => {
    while (!stopped) {
      const cursor = encodeURIComponent(reader.events.at(-1)?.id ?? '')
      const url = `${feedUrl}/feeds/updates?timeout=2000&limit=1000&lastEventId=${cursor}`
      request = new AbortController()
      const response = await fetch(url, { signal: request.signal })
      if (cursor && response.headers.has('feed-gap')) reader.gaps++
      reader.events.push(...((await response.json()) as Event[]))
    }
  })()
  return reader
}

/** Subscribes to stream `updates`, as another program would, until `stop`. */
export async function subscribeToUpdates(
  brokerUrl: string
): Promise<{ events: Event[]; connections: number; stop(): Promise<void> }> {
  const client = mqtt.connect(brokerUrl, { reconnectPeriod: 100 })
  const reader = {
    events: [] as Event[],
    connections: 0,
    stop: () => client.endAsync()
  }
  client.on('connect', () => reader.connections++)
  client.on('message', (_topic, payload) => reader.events.push(JSON.parse(payload.toString())))
  await client.subscribeAsync('updates', { qos: 0 })
  return reader
}
