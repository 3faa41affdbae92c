import assert from 'node:assert/strict'
import mqtt from 'mqtt'
import { type DeploymentType, eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'

interface Event {
  readonly id: string
  readonly epoch: string
  readonly sequence: string
}

/** Ids that came twice, and sequence numbers that are missing between two of one epoch. */
function faults(events: readonly Event[]): string[] {
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

/** Reads the log from the first update on, as another program would, until `stop`. */
function readLog(feedUrl: string): { events: Event[]; gaps: number; stop(): Promise<void> } {
  const ended = new AbortController()
  const reader = {
    events: [] as Event[],
    gaps: 0,
    async stop() {
      ended.abort()
      await reading.catch((error: unknown) => {
        if ((error as Error).name !== 'AbortError') throw error
      })
    }
  }
  const reading = (async () => {
    for (;;) {
      const cursor = encodeURIComponent(reader.events.at(-1)?.id ?? '')
      const url = `${feedUrl}/feeds/updates?timeout=2000&lastEventId=${cursor}`
      const response = await fetch(url, { signal: ended.signal })
      if (cursor && response.headers.has('feed-gap')) reader.gaps++
      reader.events.push(...((await response.json()) as Event[]))
    }
  })()
  return reader
}

const serverUrl = async (red: NodeRed, id: string): Promise<string> => {
  const { urls } = await red.get<{ urls: string[] }>(`/delivery/server/${id}`)
  return urls[0] ?? ''
}

for (const runtime of runtimes)
  describe(`deploys in ${runtime.name}`, function () {
    this.timeout(180_000)
    let red: NodeRed
    before('start', async () => {
      red = await NodeRed.start({ runtime, flows: comparison({ read: 'log' }) })
    })
    after(() => red?.close())

    it('lose nothing, keep external clients connected and leak nothing, 100 times in a row', async () => {
      const delivering = (least: number) =>
        eventually(async () => {
          const report = await red.report<Report>(ids.metrics)
          for (const source of [ids.push, ids.poll])
            assert.ok((laneOf(report, source).updates.delivered ?? 0) >= least)
          return report
        })
      const first = await delivering(10)
      const feedUrl = await serverUrl(red, ids.feed)
      const client = mqtt.connect(await serverUrl(red, ids.broker), { reconnectPeriod: 100 })
      let connections = 0
      const pushed: Event[] = []
      client.on('connect', () => connections++)
      client.on('message', (_topic, payload) => pushed.push(JSON.parse(payload.toString())))
      await client.subscribeAsync('updates', { qos: 0 })
      const log = readLog(feedUrl)
      const before = await red.diagnose()

      for (let count = 1; count <= 100; count++)
        await red.deploy(comparison({ read: 'log', rate: 20 + (count % 2) }))

      const report = await delivering(30)
      const after = await eventually(async () => {
        const diagnosis = await red.diagnose()
        assert.ok((diagnosis.threads ?? 0) <= (before.threads ?? 0))
        return diagnosis
      })
      await eventually(() => assert.equal(log.events.at(-1)?.epoch, pushed.at(-1)?.epoch))
      await log.stop()
      await client.endAsync()

      assert.equal(connections, 1, 'the external subscriber reconnected')
      assert.deepEqual(faults(pushed), [])
      assert.deepEqual(faults(log.events), [])
      assert.equal(log.gaps, 0)
      // A leak of one a deploy would be 100; pauses between two shown states and two polls come and go
      for (const kind of ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'])
        assert.ok(
          (after.resources[kind] ?? 0) <= (before.resources[kind] ?? 0) + 20,
          `${kind}: ${before.resources[kind]} before, ${after.resources[kind]} after`
        )
      assert.doesNotMatch(red.output, /EADDRINUSE|Close timed out|\[error\]|Uncaught|MaxListeners/)
      assert.ok(report.seconds > first.seconds, 'the figures began anew')
      for (const source of [ids.push, ids.poll]) {
        const { model, updates } = laneOf(report, source)
        const later = laneOf(await red.report<Report>(ids.metrics), source).updates
        assert.equal(updates.lost, 0, `${model}: ${JSON.stringify(updates)}, later ${JSON.stringify(later)}`)
        assert.equal(updates.duplicate, 0)
      }
    })

    for (const type of ['flows', 'nodes'] as DeploymentType[])
      it(`of type "${type}" restart what changed, and the rest goes on`, async () => {
        const lane = async () =>
          laneOf(await red.report<Report>(ids.metrics), ids.push).updates.delivered ?? 0
        const before = await lane()
        await red.deploy(comparison({ read: 'log', intervalMs: 200 }), type)
        await eventually(async () => assert.ok((await lane()) > before))
        await red.deploy(comparison({ read: 'log' }), type)
        assert.doesNotMatch(red.output, /EADDRINUSE|Close timed out|\[error\]/)
      })

    it('stop quickly in the end', async () => {
      const started = performance.now()
      await red.stop()
      assert.ok(performance.now() - started < 10_000)
    })
  })
