import assert from 'node:assert/strict'
import { once } from 'node:events'
import deliveryWorkload from '../../../nodes/delivery-workload/delivery-workload.js'
import { workloadStatus } from '../../../nodes/delivery-workload/workload-status.js'
import { endsOf, received, redHelper } from '../../helpers/red.js'

const helper = redHelper()
const tab = { id: 'tab', type: 'tab' }
const out = { id: 'out', z: 'tab', type: 'helper' }
const workload = (properties: object) => ({
  id: 'n',
  z: 'tab',
  type: 'delivery-workload',
  wires: [['out']],
  ...properties
})
const fast = { arrivals: 'periodic', rate: '500' }
const load = (properties: object) => helper.load(deliveryWorkload, [tab, workload(properties), out])
const quiet = () => new Promise(resolve => setTimeout(resolve, 60))
const post = (body: unknown, id = 'n') => helper.request().post(`/delivery/workload/${id}`).send(body)

describe('delivery-workload', () => {
  before(() => helper.startServer())
  after(() => helper.stopServer())
  afterEach(() => helper.unload())

  it('starts by itself when flows have started, and says when each update was due', async () => {
    await load({ ...fast, limit: '5', payloadBytes: '100' })
    const messages = await received('out').first(5)
    assert.deepEqual(
      messages.map(({ payload }) => (payload as { n: number }).n),
      [1, 2, 3, 4, 5]
    )
    for (const { payload, speed } of messages) {
      assert.equal(JSON.stringify(payload).length, 100)
      assert.equal(speed, null)
    }
    const due = messages.map(({ dueAt }) => dueAt as number)
    due.slice(1).forEach((at, k) => {
      assert.ok(Math.abs(at - (due[k] ?? 0) - 2) < 0.01)
    })
  })

  it('starts once: a deploy of something else does not start it again', async () => {
    await load({ ...fast, limit: '3' })
    const out1 = received('out')
    await out1.first(3)
    helper._events.emit('flows:started', {})
    await quiet()
    assert.equal(out1.messages.length, 3)
  })

  it('does not start by itself without autostart, but by message', async () => {
    await load({ ...fast, limit: '3', autostart: false })
    const out1 = received('out')
    await quiet()
    assert.equal(out1.messages.length, 0)
    assert.deepEqual(await endsOf(helper.getNode('n'), { running: true }), [undefined])
    await out1.first(3)
  })

  it('pauses and goes on by message; a second "true" changes nothing', async () => {
    await load(fast)
    const out1 = received('out')
    await out1.first(3)
    const node = helper.getNode('n')
    await endsOf(node, { running: false })
    await quiet()
    const before = out1.messages.length
    await quiet()
    assert.equal(out1.messages.length, before)
    await endsOf(node, { running: true })
    await endsOf(node, { running: true })
    const messages = await out1.first(before + 3)
    assert.deepEqual(
      messages.map(({ payload }) => (payload as { n: number }).n),
      messages.map((_, k) => k + 1)
    )
  })

  it('begins anew with the settings of a message, and keeps them', async () => {
    await load({ autostart: false, rate: '0.001', limit: '1' })
    const out1 = received('out')
    const node = helper.getNode('n')
    await endsOf(node, {
      running: true,
      arrivals: 'replay',
      speed: 1000,
      times: [
        { time: 0, payload: 'a' },
        { time: 1000, payload: 'b' }
      ],
      limit: ''
    })
    await out1.first(2)
    await endsOf(node, { running: true })
    await out1.first(4)
    await endsOf(node, { running: true, speed: 500 })
    const messages = await out1.first(6)
    assert.deepEqual(
      messages.map(({ payload, speed }) => [payload, speed]),
      [
        ['a', 1000],
        ['b', 1000],
        ['a', 1000],
        ['b', 1000],
        ['a', 500],
        ['b', 500]
      ]
    )
  })

  it('settings in a message with running: false, or wrong ones, change nothing', async () => {
    await load({ ...fast, limit: '1000000' })
    const out1 = received('out')
    await out1.first(1)
    const node = helper.getNode('n')
    const [wrong] = await endsOf(node, { running: true, rate: 'fast' })
    assert.equal(wrong?.code, 'CONFIG_INVALID')
    const [times] = await endsOf(node, { running: true, arrivals: 'replay', times: '[1, "soon"]' })
    assert.equal(times?.code, 'TIMES_INVALID')
    assert.match(times?.message ?? '', /times\[1\]/)
    const before = out1.messages.length
    await out1.first(before + 2)
    await endsOf(node, { running: false, rate: 0.001 })
    await endsOf(node, { running: true })
    const paused = out1.messages.length
    await out1.first(paused + 2)
  })

  it('a message without running is an error', async () => {
    await load({ autostart: false })
    const [error] = await endsOf(helper.getNode('n'), { payload: 1 })
    assert.equal(error?.code, 'CONFIG_INVALID')
    assert.match(error?.message ?? '', /msg\.running/)
  })

  it('a malformed recording is an error of the node, by index, and of every message', async () => {
    await load({ arrivals: 'replay', times: '["2026-01-01T00:00:00Z", "later"]' })
    const node = helper.getNode('n')
    const [call] = (await once(node, 'call:error')) as [{ args: [{ code: string; message: string }] }]
    assert.equal(call.args[0].code, 'TIMES_INVALID')
    assert.match(call.args[0].message, /times\[1\].*"later"/)
    assert.equal((await endsOf(node, { running: true }))[0]?.code, 'TIMES_INVALID')
  })

  it('a malformed recording does not matter to other arrivals', async () => {
    await load({ ...fast, times: 'nonsense', limit: '1' })
    await received('out').first(1)
  })

  it('a replayed payload survives what the flow does to it', async () => {
    await load({ arrivals: 'replay', times: '[{"time":0,"payload":{"a":1}}]', repeat: true, speed: '200' })
    const seen: string[] = []
    helper.getNode('out').on('input', message => {
      seen.push(JSON.stringify(message.payload))
      ;(message.payload as { a: number }).a = 2
    })
    await received('out').first(3)
    assert.deepEqual(new Set(seen), new Set(['{"a":1}']))
  })

  it('is started and stopped by its button', async () => {
    await load({ ...fast, autostart: false })
    const out1 = received('out')
    const state = () => helper.request().get('/delivery/workload/n')
    assert.deepEqual((await state()).body, { running: false, count: 0 })
    const started = await post({ running: true })
    assert.equal(((await state()).body as { running: boolean }).running, true)
    assert.equal(started.status, 200)
    assert.deepEqual(started.body, { running: true, count: 0 })
    await out1.first(2)
    const stopped = (await post({ running: false })).body as { running: boolean; count: number }
    assert.equal(stopped.running, false)
    assert.ok(stopped.count >= 2)
    assert.equal((await post({ running: 'yes' })).status, 400)
    assert.equal((await post({})).status, 400)
    assert.equal((await post({ running: true }, 'nobody')).status, 404)
    assert.equal((await helper.request().get('/delivery/workload/nobody')).status, 404)
  })

  it('leaves nothing running behind when it is removed', async () => {
    await load(fast)
    const out1 = received('out')
    await out1.first(2)
    await helper.setFlows([tab, out])
    const before = out1.messages.length
    await quiet()
    assert.equal(out1.messages.length, before)
    assert.equal((await post({ running: true })).status, 404)
  })
})

describe('the status of a workload', () => {
  const options = {
    arrivals: 'periodic',
    rate: 0.5,
    burstSize: 1,
    times: [],
    speed: 1,
    repeat: false,
    payloadBytes: 0,
    seed: 1,
    limit: null
  } as const
  const running = (count: number, lagMs: number) =>
    ({ state: 'running', count, lagMs, pause() {}, resume() {}, close() {} }) as const
  const word = (key: string) => key

  it('is rate, count and, when late, lag, in 20 characters', () => {
    assert.deepEqual(workloadStatus(options, running(12, 1), word), ['good', '0.5/s · 12'])
    assert.deepEqual(workloadStatus(options, running(12, -1), word), ['good', '0.5/s · 12'])
    assert.deepEqual(workloadStatus(options, running(12, 250.4), word), ['limited', '0.5/s · 12 +250 ms'])
    assert.deepEqual(
      workloadStatus({ ...options, arrivals: 'replay', speed: 400_000 }, running(3, 0), word),
      ['good', '×400k · 3']
    )
    const long = workloadStatus({ ...options, rate: 100_000 }, running(123456789, 59_000), word)[1]
    assert.ok(long.length <= 20, long)
    assert.deepEqual(workloadStatus(options, undefined, word), ['idle', 'stopped'])
    assert.deepEqual(workloadStatus(options, { ...running(7, 0), state: 'paused' }, word), [
      'idle',
      'paused · 7'
    ])
  })
})
