import assert from 'node:assert/strict'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { comparison, ids } from './comparison.js'

const users = {
  reader: { password: 'a', permissions: ['flows.read', 'delivery.read'] },
  writer: { password: 'b', permissions: ['flows.read', 'delivery.read', 'delivery.write'] },
  stranger: { password: 'c', permissions: ['flows.read'] }
}
const reads = [
  `/delivery/server/${ids.broker}`,
  `/delivery/server/${ids.feed}`,
  '/delivery/metrics',
  `/delivery/metrics/${ids.metrics}`,
  `/delivery/metrics/${ids.metrics}/report.html`,
  `/delivery/metrics/${ids.metrics}/report.csv`,
  `/delivery/metrics/${ids.metrics}/events`,
  '/delivery/openmetrics'
]
const writes = [
  `/delivery/workload/${ids.workload}`,
  `/delivery/poll/${ids.poll}`,
  `/delivery/metrics/${ids.metrics}/reset`
]

describe('who may look and who may act, below an httpAdminRoot', function () {
  this.timeout(120_000)
  let red: NodeRed
  before('start', async () => {
    red = await NodeRed.start({ flows: comparison(), users, settings: { httpAdminRoot: '/admin' } })
    await eventually(() => assert.equal(red.statuses.get(ids.push)?.fill, 'green'))
  })
  after(() => red?.close())

  const statusOf = async (method: 'GET' | 'POST', path: string): Promise<number> => {
    const body = method === 'POST' ? { body: JSON.stringify({ running: true }) } : {}
    const response = await red.request(path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...body
    })
    await response.arrayBuffer()
    return response.status
  }
  /** The status of each read and each write. */
  const allowed = async () => [
    await Promise.all(reads.map(path => statusOf('GET', path))),
    await Promise.all(writes.map(path => statusOf('POST', path)))
  ]
  const every = (read: number, write: number) => [reads.map(() => read), writes.map(() => write)]

  it('nobody in particular: neither', async () => {
    assert.deepEqual(await allowed(), every(401, 401))
  })
  it('a user without either permission: neither', async () => {
    await red.login('stranger', 'c', users.stranger.permissions.join(' '))
    assert.deepEqual(await allowed(), every(401, 401))
  })
  it('delivery.read: looks, and cannot act', async () => {
    await red.login('reader', 'a', users.reader.permissions.join(' '))
    assert.deepEqual(await allowed(), every(200, 401))
  })
  it('delivery.write: acts', async () => {
    await red.login('writer', 'b', users.writer.permissions.join(' '))
    assert.deepEqual(await allowed(), every(200, 200))
  })
  it('not at the root itself', async () => {
    for (const path of reads) assert.equal(await statusOf('GET', `${red.origin}${path}`), 404)
  })
})
