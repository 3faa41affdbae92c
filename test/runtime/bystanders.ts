import assert from 'node:assert/strict'
import { eventually, type NodeRed } from '../helpers/node-red.js'
import { ids, laneOf, type Report } from './comparison.js'
import { faults, readLog, serverUrl, subscribeToUpdates } from './outside-readers.js'

/** Those who use the servers of a running `comparison({ read: 'log' })` while somebody else misbehaves. */
export interface Bystanders {
  /** Each of them goes on receiving, and has missed and repeated nothing so far. */
  unharmed(): Promise<void>
  /** Stops the workload: every update that was generated has been delivered to everybody. */
  complete(): Promise<void>
  /** How many updates each reader from outside has received: subscriber, log reader. */
  readonly received: readonly number[]
  close(): Promise<void>
}

/** The flow's own push-source and poll-source, and a subscriber and a log reader from outside. */
export async function bystanders(red: NodeRed): Promise<Bystanders> {
  const urls = await eventually(() =>
    Promise.all([serverUrl(red, ids.broker, 'mqtt'), serverUrl(red, ids.feed, 'http')])
  )
  const pushed = await subscribeToUpdates(urls[0])
  const log = readLog(urls[1])
  const lanes = async () => {
    const report = await red.report<Report>(ids.metrics)
    return [ids.push, ids.poll].map(source => laneOf(report, source))
  }
  const counts = async () => [
    ...(await lanes()).map(({ updates }) => updates.delivered ?? 0),
    pushed.events.length,
    log.events.length
  ]
  const nothingMissed = async () => {
    assert.ok(red.running)
    for (const { model, updates } of await lanes())
      assert.deepEqual([updates.lost, updates.superseded, updates.duplicate], [0, 0, 0], model)
    assert.deepEqual(faults(pushed.events), [])
    assert.deepEqual(faults(log.events), [])
    assert.deepEqual([log.gaps, pushed.connections], [0, 1])
    for (const id of [ids.origin, ids.push, ids.poll])
      assert.notEqual(red.statuses.get(id)?.fill, 'red', `${id}: ${red.statuses.get(id)?.text}`)
  }
  return {
    async unharmed() {
      const before = await eventually(counts)
      await eventually(async () => {
        const now = await counts()
        assert.ok(
          now.every((count, index) => count > (before[index] ?? 0)),
          `${before} before, ${now} now`
        )
      })
      await nothingMissed()
    },
    async complete() {
      await red.post(`/delivery/workload/${ids.workload}`, { running: false })
      await eventually(async () => {
        for (const { model, updates } of await lanes())
          assert.deepEqual([updates.pending, updates.delivered], [0, updates.generated], model)
        assert.equal(pushed.events.at(-1)?.id, log.events.at(-1)?.id)
      })
      await nothingMissed()
    },
    get received() {
      return [pushed.events.length, log.events.length]
    },
    async close() {
      await log.stop()
      await pushed.stop()
    }
  }
}
