import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Worker } from 'node:worker_threads'
import { systemClock } from '../../../lib/clock.js'
import { MOST_UPDATES } from '../../../lib/thread/hand-over-queue.js'
import { startServerThread } from '../../../lib/thread/server-thread.js'
import type { ServerThread, ThreadState } from '../../../lib/thread/server-thread-options.js'
import type { ServerNotice } from '../../../lib/thread/thread-server.js'
import type { HandedUpdate } from '../../../lib/update/update.js'
import { seededRandom } from '../../helpers/random.js'
import type { EchoOptions } from './echo-thread.js'

describe('a server in a thread of its own', () => {
  const closers: (() => unknown)[] = []
  const workers: Worker[] = []
  const remember = (worker: Worker) => workers.push(worker)
  before(() => process.on('worker', remember))
  after(() => process.off('worker', remember))
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
    workers.length = 0
  })

  interface Started {
    readonly thread: ServerThread
    readonly states: readonly ThreadState[]
    readonly notices: readonly ServerNotice[]
    /** The next time that it is in this state; at once when it is. */
    reach(kind: ThreadState['kind']): Promise<ThreadState>
    port(): number
  }

  /** @param haste - how many times sooner than real its timers ring */
  function start(server: Partial<EchoOptions> = {}, haste = 1): Started {
    const clock = systemClock()
    const states: ThreadState[] = []
    const notices: ServerNotice[] = []
    const waiting = new Set<() => void>()
    const thread = startServerThread<EchoOptions>({
      file: new URL('./echo-thread.js', import.meta.url),
      server: { host: '127.0.0.1', port: 0, tls: null, anonymous: false, streams: [], last: [], ...server },
      clock: {
        now: clock.now,
        at: (instant, run) => clock.at(clock.now() + (instant - clock.now()) / haste, run)
      },
      random: seededRandom(1),
      onState(state) {
        states.push(state)
        for (const look of waiting) look()
      },
      onNotice: notice => notices.push(notice)
    })
    closers.push(() => thread.close())
    const reach = (kind: ThreadState['kind']) =>
      new Promise<ThreadState>(resolve => {
        const look = () => {
          if (thread.state.kind !== kind) return
          waiting.delete(look)
          resolve(thread.state)
        }
        waiting.add(look)
        look()
      })
    const port = () => {
      assert(thread.state.kind === 'listening')
      return thread.state.address.port
    }
    return { thread, states, notices, reach, port }
  }

  let sequence = 0
  const update = (text: string, stream = 's'): HandedUpdate => {
    sequence += 1
    const epoch = '0'.repeat(15)
    const id = `${epoch}-${String(sequence).padStart(12, '0')}`
    return {
      stream,
      id,
      epoch,
      sequence,
      generatedAt: 0,
      body: Buffer.from(text),
      qos: 0,
      retain: false
    }
  }

  /** Reads lines from the server: `next()` waits for one. */
  function read(port: number): { socket: Socket; next(): Promise<string> } {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    closers.push(() => socket.destroy())
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    return { socket, next: async () => String((await lines.next()).value) }
  }

  it('listens only when it is told to, with every stream declared until then', async () => {
    const { thread, reach, port, states } = start({ streams: ['a'] })
    thread.declare('b')
    assert.equal(thread.state.kind, 'starting')
    thread.listen()
    await reach('listening')
    thread.declare('c')
    const { next } = read(port())
    assert.deepEqual([await next(), await next(), await next()], ['stream a', 'stream b', 'stream c'])
    assert.deepEqual(
      states.map(state => state.kind),
      ['listening']
    )
  })

  it('hands over in order what was given while it started, and after', async () => {
    const { thread, reach, port } = start({ behaviour: 'late' })
    thread.listen()
    const early = Array.from({ length: 2500 }, (_, index) => thread.accept(update(`early ${index}`)))
    await reach('listening')
    const late = Array.from({ length: 100 }, (_, index) => thread.accept(update(`late ${index}`)))
    await Promise.all([...early, ...late])
    const { next } = read(port())
    for (let index = 0; index < 2500; index++) assert.match(await next(), new RegExp(` early ${index}$`))
    for (let index = 0; index < 100; index++) assert.match(await next(), new RegExp(` late ${index}$`))
  })

  it('leaves the bytes of an update to whoever handed it over', async () => {
    const { thread } = start()
    thread.listen()
    const whole = { ...update('x'), body: new Uint8Array([49, 50, 51]) }
    await thread.accept(whole)
    assert.deepEqual([...whole.body], [49, 50, 51])
  })

  it('refuses what the queue cannot hold while it starts', async () => {
    const { thread, reach } = start()
    const all = Array.from({ length: MOST_UPDATES }, () => thread.accept(update('x')))
    await assert.rejects(thread.accept(update('one too many')), { code: 'QUEUE_FULL' })
    thread.listen()
    await reach('listening')
    await Promise.all(all)
    await thread.accept(update('room again'))
  })

  it('carries errors across with code and message, each to its own hand-over', async () => {
    const { thread } = start()
    thread.listen()
    const outcomes = await Promise.allSettled(
      ['a', 'refuse', 'refuse later', 'b'].map(text => thread.accept(update(text)))
    )
    assert.deepEqual(
      outcomes.map(outcome => (outcome.status === 'rejected' ? outcome.reason.code : 'accepted')),
      ['accepted', 'PAYLOAD_TOO_LARGE', 'HAND_OVER_FAILED', 'accepted']
    )
    const [, refused, later] = outcomes
    assert(refused?.status === 'rejected' && later?.status === 'rejected')
    assert.equal(refused.reason.message, 'Expected less, found more')
    assert.equal(later.reason.message, 'no space left')
  })

  it('passes on what the server wants people to know', async () => {
    const { thread, notices } = start()
    thread.listen()
    await thread.accept(update('notify'))
    assert.deepEqual(notices, [{ code: 'MQTT5_REFUSED', message: 'client x spoke MQTT 5' }])
  })

  it('comes back on its port when it dies, with its streams and the last update of each', async () => {
    const { thread, reach, port, states } = start({ streams: ['s'] })
    thread.listen()
    await reach('listening')
    const before = port()
    thread.declare('t')
    const [older, newest] = [update('s one'), update('s two')]
    await Promise.all([thread.accept(older), thread.accept(newest)])
    await thread.accept(update('t one', 't'))
    const died = performance.now()
    await assert.rejects(thread.accept(update('die')), { code: 'THREAD_DIED', message: /told to die/ })
    assert.equal(thread.state.kind, 'retrying')
    const meanwhile = thread.accept(update('meanwhile'))
    await reach('listening')
    assert(performance.now() - died < 2000)
    assert.equal(port(), before)
    await meanwhile
    const { next } = read(port())
    assert.equal(await next(), 'stream s')
    assert.equal(await next(), 'stream t')
    assert.equal(await next(), `last ${newest.id} s two`)
    assert.match(await next(), / t one$/)
    assert.match(await next(), / meanwhile$/)
    assert.deepEqual(
      states.map(state => state.kind),
      ['listening', 'retrying', 'listening']
    )
    assert.equal(thread.limits().threadDied, 1)
    assert.equal(thread.limits().lostInThread, 1)
  })

  it('goes away when it is told to and comes back with what it took meanwhile', async () => {
    const { thread, reach, port, states } = start()
    thread.listen()
    await reach('listening')
    const before = port()
    const { next } = read(before)
    await thread.accept(update('seen'))
    assert.match(await next(), / seen$/)
    await thread.goAway()
    assert.equal(await next(), 'undefined', 'the connection has ended')
    await assert.rejects(once(connect(before, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
    await assert.rejects(thread.goAway(), { code: 'FAULT_RUNNING' })
    await thread.accept(update('unseen'))
    await thread.comeBack()
    await thread.comeBack()
    assert.equal(port(), before)
    const again = read(before)
    await again.next()
    assert.match(await again.next(), / unseen$/)
    assert(states.every(({ kind }) => kind === 'listening'))
  })

  it('stays away when its thread dies meanwhile, until it is told to come back', async () => {
    const { thread, reach, port } = start()
    thread.listen()
    await reach('listening')
    const before = port()
    await thread.goAway()
    await assert.rejects(thread.accept(update('die')), { code: 'THREAD_DIED' })
    await once(workers.at(-1) ?? process, 'online')
    await assert.rejects(once(connect(before, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
    await thread.comeBack()
    assert.equal(port(), before)
  })

  it('says so and keeps trying when it cannot come back because its port is in use', async () => {
    const { thread, reach, port } = start({}, 20)
    thread.listen()
    await reach('listening')
    await thread.goAway()
    const intruder = createServer().listen(port(), '127.0.0.1')
    await once(intruder, 'listening')
    const back = thread.comeBack()
    const state = await reach('retrying')
    assert(state.kind === 'retrying')
    assert.equal(state.error.code, 'PORT_IN_USE')
    intruder.close()
    await back
    assert.equal(thread.state.kind, 'listening')
  })

  it('closes while it is away', async () => {
    const { thread, reach } = start()
    await assert.rejects(thread.goAway(), { code: 'SERVER_CLOSED' })
    thread.listen()
    await reach('listening')
    await thread.goAway()
    await thread.close()
    await thread.comeBack()
  })

  it('comes back from being terminated, again and again', async () => {
    const { thread, reach, port } = start()
    thread.listen()
    await reach('listening')
    const before = port()
    for (let death = 1; death <= 3; death++) {
      await workers.at(-1)?.terminate()
      await reach('retrying')
      await reach('listening')
      assert.equal(port(), before)
      assert.equal(thread.limits().threadDied, death)
    }
  })

  it('keeps trying while the port is in use, says so, and works soon after it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    closers.push(() => other.close())
    await once(other, 'listening')
    const bound = other.address()
    assert(typeof bound === 'object' && bound)
    const { thread, reach, port } = start({ port: bound.port })
    thread.listen()
    const state = await reach('retrying')
    assert(state.kind === 'retrying')
    assert.equal(state.error.code, 'PORT_IN_USE')
    assert.match(state.error.message, new RegExp(`${bound.port} of 127.0.0.1 to be free`))
    const waiting = thread.accept(update('waited'))
    other.close()
    await reach('listening')
    assert.equal(port(), bound.port)
    await waiting
  })

  it('takes another free port when the one it had is taken while it was dead', async () => {
    const { thread, reach, port } = start({}, 10)
    thread.listen()
    await reach('listening')
    const had = port()
    const other = createServer()
    closers.push(() => other.close())
    workers.at(-1)?.once('exit', () => other.listen(had, '127.0.0.1'))
    await workers.at(-1)?.terminate()
    await reach('retrying')
    await reach('listening')
    if (other.listening) assert.notEqual(port(), had)
  })

  it('does not try again what another try cannot cure', async () => {
    const { thread, reach } = start({ behaviour: 'bad-tls' })
    thread.listen()
    const waiting = assert.rejects(thread.accept(update('x')), { code: 'TLS_INVALID' })
    const state = await reach('failed')
    assert(state.kind === 'failed')
    assert.equal(state.error.message, 'Expected a key, found none')
    await waiting
    await assert.rejects(thread.accept(update('x')), { code: 'TLS_INVALID' })
  })

  it('counts what the thread costs, and goes on counting over its deaths', async () => {
    const { thread, reach } = start()
    thread.listen()
    await reach('listening')
    await thread.accept(update('work'))
    const sampled = async (updates: number) => {
      while (thread.totals().updates < updates) await new Promise(resolve => setTimeout(resolve, 50))
      return thread.totals()
    }
    const first = await sampled(1)
    assert(first.busyMs >= 100, `${first.busyMs} ms busy`)
    if (process.platform === 'linux') assert((first.cpuMs ?? 0) >= 50, `${first.cpuMs} ms of CPU`)
    await workers.at(-1)?.terminate()
    await reach('retrying')
    await reach('listening')
    await thread.accept(update('x'))
    const second = await sampled(2)
    assert(second.busyMs > first.busyMs)
    assert.equal(second.since, first.since)
    assert.equal(thread.limits().echoed, 2)
  })

  it('backs off when its threads die as soon as they start', async () => {
    const { thread, reach } = start({ behaviour: 'dies' })
    thread.listen()
    await reach('retrying')
    await new Promise(resolve => setTimeout(resolve, 1000))
    assert(workers.length < 10, `${workers.length} threads in a second`)
    assert(workers.length > 1)
  })

  it('frees its port and its thread when closed, and rejects what is handed over later', async () => {
    const { thread, reach, port } = start()
    thread.listen()
    await reach('listening')
    const last = thread.accept(update('last'))
    const { socket } = read(port())
    await once(socket, 'connect')
    const gone = new Promise(resolve => socket.once('close', resolve))
    await Promise.all([thread.close(), thread.close()])
    await last
    await gone
    assert.equal(thread.state.kind, 'closed')
    await assert.rejects(thread.accept(update('x')), { code: 'SERVER_CLOSED' })
    assert.equal(workers.at(-1)?.threadId, -1)
  })

  it('closes while it starts, and while it waits for a port', async () => {
    const starting = start({ behaviour: 'late' })
    starting.thread.listen()
    const never = assert.rejects(starting.thread.accept(update('x')), { code: 'SERVER_CLOSED' })
    await starting.thread.close()
    await never
    const booting = start()
    await booting.thread.close()
    assert.equal(booting.thread.state.kind, 'closed')
  })

  it('ends a thread that does not close by itself', async () => {
    const { thread, reach } = start({ behaviour: 'never-closes' }, 20)
    thread.listen()
    await reach('listening')
    await thread.close()
    assert.equal(workers.at(-1)?.threadId, -1)
  })
})
