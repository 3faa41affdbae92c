import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Lab, type LabOptions, openLab } from './lab.js'
import { json, openSite } from './site.js'

interface Quake {
  readonly type: 'Feature'
  readonly id: string
  readonly properties: { readonly mag: number; readonly time: number; readonly place: string }
}

/** The features of the real feed, oldest first. */
function quakes(): readonly Quake[] {
  const [, ...lines] = readFileSync('test/data/earthquakes.csv', 'utf8').trim().split('\n')
  return lines.map(line => {
    const [time = '', , mag, , , , , id = '', ...place] = line.split(',')
    return {
      type: 'Feature',
      id,
      properties: { mag: Number(mag), time: Date.parse(time), place: place.join(',') }
    }
  })
}

describe('reading a URL of anybody’s', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const state = { value: undefined as unknown, headers: {} as Record<string, string> }
  async function open(options: Partial<LabOptions> = {}): Promise<Lab> {
    const site = await openSite((request, response) => json(state.value, state.headers)(request, response))
    closers.push(() => site.close())
    const lab = openLab({ url: site.url, ...options })
    closers.push(() => lab.poller.close())
    return lab
  }
  const pick =
    (...path: string[]) =>
    (item: unknown) =>
      path.reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], item)
  const geojson = (features: readonly Quake[]) => ({
    type: 'FeatureCollection',
    features: [...features].reverse()
  })
  const finders = { items: pick('features'), id: pick('id'), time: pick('properties', 'time') }

  it('earthquakes as GeoJSON: only the newest at first, then each new one once, ascending by time', async () => {
    const all = quakes()
    state.value = geojson(all.slice(0, 1000))
    const lab = await open({ finders, read: 'log' })
    await lab.poller.poll('a')
    assert.deepEqual(
      lab.received.map(({ payload }) => (payload as Quake).id),
      [all[999]?.id]
    )
    assert.deepEqual(
      [
        lab.received[0]?.delivery.id,
        lab.received[0]?.delivery.generatedAt,
        lab.received[0]?.delivery.catchUp
      ],
      [all[999]?.id, all[999]?.properties.time, true]
    )
    await lab.poller.poll('b')
    state.value = geojson(all.slice(400, 1003))
    await lab.poller.poll('c')
    assert.deepEqual(
      lab.received.slice(1).map(({ delivery }) => delivery.id),
      all.slice(1000, 1003).map(({ id }) => id)
    )
    assert.deepEqual(lab.outcomes(), ['updated', 'empty', 'updated'])
    // what fell out of the document and comes back was seen before
    state.value = geojson(all.slice(0, 500))
    await lab.poller.poll('d')
    assert.equal(lab.outcomes().at(-1), 'empty')
    assert.equal(lab.batches.at(-1)?.updates.length, 3)
    assert.equal(lab.received[1]?.delivery.sequence, null)
  })

  it('from the oldest: everything that is there', async () => {
    const all = quakes().slice(0, 20)
    state.value = geojson(all)
    const lab = await open({ finders, start: 'oldest' })
    await lab.poller.poll('a')
    assert.deepEqual(
      lab.received.map(({ delivery }) => delivery.id),
      all.map(({ id }) => id)
    )
  })

  it('finds items, ids and times by functions that take their time', async () => {
    const slow = (find: (item: unknown) => unknown) => async (item: unknown) => find(item)
    const all = quakes().slice(0, 20)
    state.value = geojson(all)
    const lab = await open({
      start: 'oldest',
      finders: {
        items: slow(finders.items),
        id: slow(finders.id),
        time: slow(finders.time),
        value: slow(pick('properties', 'mag'))
      }
    })
    await lab.poller.poll('a')
    assert.deepEqual(
      lab.received.map(({ delivery }) => delivery.value),
      all.map(({ properties }) => properties.mag)
    )
  })

  it('items without id are known by their content, and those without time keep their order', async () => {
    state.value = [{ a: 1 }, { a: 2 }, { a: 1 }]
    const lab = await open({ finders: { items: list => list }, start: 'oldest' })
    await lab.poller.poll('a')
    state.value = [{ a: 3 }, { a: 2 }, { a: 0 }]
    await lab.poller.poll('b')
    assert.deepEqual(
      lab.received.map(({ payload }) => payload),
      [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 0 }]
    )
    assert.equal(lab.received[0]?.delivery.id, null)
  })

  it('a device’s state is sent when it changes, also back to what it was', async () => {
    const lab = await open({ finders: { time: pick('at') } })
    for (const value of [{ on: true }, { on: true }, { on: false }, { on: true, at: '2026-01-01' }]) {
      state.value = value
      await lab.poller.poll('a')
    }
    state.value = { on: false }
    await lab.poller.poll('a')
    assert.deepEqual(lab.outcomes(), ['updated', 'empty', 'updated', 'updated', 'updated'])
    assert.equal(lab.received[2]?.delivery.generatedAt, Date.UTC(2026, 0, 1))
    assert.deepEqual(
      lab.received.map(({ delivery }) => delivery.timeZoneMissing),
      [undefined, undefined, true, undefined]
    )
    assert.deepEqual(
      lab.received.map(({ delivery }) => delivery.catchUp),
      [true, false, true, false]
    )
  })

  it('an id of our form joins the truth: it gives epoch and sequence', async () => {
    state.value = { id: 'hx1p5vkfn9cabcd-000000000012' }
    const lab = await open({ finders: { id: pick('id') } })
    await lab.poller.poll('a')
    const { epoch, sequence, id } = lab.received[0]?.delivery ?? assert.fail('nothing came')
    assert.deepEqual([epoch, sequence, id], ['hx1p5vkfn9cabcd', 12, 'hx1p5vkfn9cabcd-000000000012'])
  })

  it('a message for every poll, when asked for: repeats are duplicates', async () => {
    state.value = { on: true }
    state.headers = { etag: '"x"' }
    const lab = await open({ every: true })
    await lab.poller.poll('a')
    await lab.poller.poll('b')
    state.headers = {}
    assert.deepEqual(
      lab.received.map(({ delivery, request }) => [delivery.duplicate, request]),
      [
        [false, 'a'],
        [true, 'b']
      ]
    )
    assert.deepEqual(lab.outcomes(), ['updated', 'empty'])
  })

  it('says when items are not there, and when a finder fails; the next good document works', async () => {
    state.value = { other: [] }
    const lab = await open({ finders })
    await assert.rejects(lab.poller.poll('a'), { code: 'ITEMS_INVALID' })
    state.value = { features: { id: 1 } }
    await assert.rejects(lab.poller.poll('a'), { code: 'ITEMS_INVALID' })
    state.value = { features: [{ id: 1 }] }
    await lab.poller.poll('a')
    assert.equal(lab.received.length, 1)
    const broken = await open({
      finders: {
        items: () => {
          throw new Error('bad expression')
        }
      }
    })
    await assert.rejects(broken.poller.poll('a'), { code: 'EXPRESSION_INVALID' })
  })

  it('keeps what it has seen for the next run', async () => {
    state.value = geojson(quakes().slice(0, 50))
    const lab = await open({ finders, start: 'oldest' })
    await lab.poller.poll('a')
    const cursors = JSON.parse(JSON.stringify(lab.poller.cursors())) as Record<string, never>
    const [key] = Object.keys(cursors)
    state.value = geojson(quakes().slice(0, 51))
    const next = await open({
      finders,
      start: 'oldest',
      cursors,
      target: () => ({
        url: new URL(key ?? ''),
        resource: key ?? '',
        tls: undefined,
        authentication: { type: 'none' }
      })
    })
    await next.poller.poll('a')
    assert.deepEqual(
      next.received.map(({ delivery }) => delivery.id),
      [quakes()[50]?.id]
    )
  })

  it('bounds a server’s clock from its Date', async () => {
    state.value = 1
    const lab = await open()
    await lab.poller.poll('a')
    const { offsetMs, errorMs } = lab.exchanges[0]?.clock ?? assert.fail('no clock')
    assert.ok(errorMs >= 500)
    assert.ok(Math.abs(offsetMs) <= errorMs + 1, `${offsetMs} ± ${errorMs}`)
  })
})
