import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { projectRoot, runtimes } from '../helpers/runtimes.js'
import { type Caught, catcher, recorded } from './recorded.js'

const z = 'bad0000000000000'
const unset = '$' + '{DELIVERY_TEST_NOT_SET}'
const given = '$' + '{DELIVERY_TEST_RATE}'

/** Wrong properties, the code that they are told by, and what puts them right. */
const wrong: readonly (readonly [type: string, fault: object, code: string, cure: object])[] = [
  ['delivery-origin', { broker: '' }, 'CONFIG_MISSING', { broker: 'bad-broker' }],
  ['delivery-origin', { broker: 'bad-feed', feed: '' }, 'CONFIG_MISSING', { broker: 'bad-broker' }],
  ['delivery-origin', { broker: 'bad-broker', stream: 'a//b' }, 'STREAM_INVALID', { stream: 'a/b' }],
  ['push-source', { broker: 'deleted' }, 'CONFIG_MISSING', { broker: 'bad-broker' }],
  ['push-source', { broker: 'bad-broker', stream: 'a/#/b' }, 'TOPIC_INVALID', { stream: 'a/#' }],
  [
    'push-source',
    { broker: 'bad-broker', valueProperty: '$(', valuePropertyType: 'jsonata' },
    'EXPRESSION_INVALID',
    { valueProperty: '$.a' }
  ],
  ['poll-source', { feed: 'bad-broker' }, 'CONFIG_MISSING', { feed: 'bad-feed' }],
  ['poll-source', { target: 'url', url: 'http://' }, 'URL_INVALID', { url: '/nothing', trigger: 'input' }],
  [
    'poll-source',
    { target: 'url', url: unset, trigger: 'interval' },
    'URL_INVALID',
    { url: '/nothing', trigger: 'input' }
  ],
  [
    'poll-source',
    { target: 'url', url: '/nothing', trigger: 'input', items: '$(', itemsType: 'jsonata' },
    'EXPRESSION_INVALID',
    { items: '' }
  ],
  ['poll-source', { feed: 'bad-feed', intervalMs: 'often' }, 'CONFIG_INVALID', { intervalMs: '1000' }],
  ['delivery-workload', { autostart: false, rate: `${unset}x` }, 'CONFIG_INVALID', { rate: given }],
  [
    'delivery-workload',
    { autostart: false, arrivals: 'replay', times: '["yesterday"]' },
    'TIMES_INVALID',
    { times: '["2020-01-01T00:00:00Z"]' }
  ],
  [
    'delivery-metrics',
    { idProperty: '$(', idPropertyType: 'jsonata' },
    'EXPRESSION_INVALID',
    { idProperty: 'id', idPropertyType: 'path' }
  ]
]
const idOf = (index: number) => `bad-${index}`
const flows = (cured: boolean): FlowNode[] => [
  { id: z, type: 'tab', label: 'Wrong' },
  { id: 'bad-broker', type: 'push-broker' },
  { id: 'bad-feed', type: 'poll-feed' },
  ...wrong.map(([type, fault, , cure], index) => ({
    id: idOf(index),
    type,
    z,
    stream: `wrong/${index}`,
    wires: [[], []],
    ...fault,
    ...(cured ? cure : {})
  })),
  ...catcher(z, 'errors')
]

for (const runtime of runtimes)
  describe(`a wrong configuration in a running ${runtime.name}`, function () {
    this.timeout(60_000)
    let red: NodeRed
    before('start', async () => {
      red = await NodeRed.start({ runtime, flows: flows(false), env: { DELIVERY_TEST_RATE: '5' } })
    })
    after(() => red?.close())

    for (const [index, [type, fault, code]] of wrong.entries())
      it(`${type} ${JSON.stringify(fault)}: ${code} at Catch, once, with a red status`, async () => {
        await eventually(async () => {
          const caught = (await recorded<Caught>(red, 'errors')).filter(
            ({ source }) => source === idOf(index)
          )
          assert.deepEqual(
            caught.map(error => error.code),
            [code]
          )
          assert.match(caught[0]?.message ?? '', /expected .*found /i)
        })
        await eventually(() => assert.equal(red.statuses.get(idOf(index))?.fill, 'red'))
      })

    it('is forgotten once it is put right by a deploy', async () => {
      const before = (await recorded<Caught>(red, 'errors')).length
      await red.deploy(flows(true), 'nodes')
      await eventually(() => {
        for (const [index, [, , code]] of wrong.entries())
          assert.notEqual(red.statuses.get(idOf(index))?.text, code.toLowerCase().replaceAll('_', ' '))
      })
      const later = (await recorded<Caught>(red, 'errors')).slice(before)
      // the feed answers 404 for streams that no origin declares: that is no wrong configuration
      assert.deepEqual(
        later.filter(({ code }) => code !== 'HTTP_STATUS'),
        []
      )
    })

    it('of an example imported twice: the second origin says STREAM_TAKEN, the first goes on', async () => {
      const file = `${projectRoot}examples/flows/01 - Push and pull side by side.json`
      const first = JSON.parse(readFileSync(file, 'utf8')) as FlowNode[]
      const tab = first.find(({ type }) => type === 'tab') ?? assert.fail('no tab')
      const origin = first.find(({ type }) => type === 'delivery-origin') ?? assert.fail('no origin')
      // as the editor copies: everything on the tab gets a new id, config nodes are shared
      const copied = first.filter(({ id, z }) => id === tab.id || z === tab.id)
      let copy = JSON.stringify(copied)
      for (const { id } of copied) copy = copy.replaceAll(`"${id}"`, `"copy-${id}"`)
      await red.deploy([
        ...first,
        ...(JSON.parse(copy) as FlowNode[]),
        ...catcher(`copy-${tab.id}`, 'copies')
      ])
      await eventually(async () => {
        const caught = await recorded<Caught>(red, 'copies')
        const taken = caught.find(({ source }) => source === `copy-${origin.id}`)
        assert.equal(taken?.code, 'STREAM_TAKEN')
        assert.ok(taken?.message.includes(String(tab.label)), taken?.message)
        const { fill, text } = red.statuses.get(`copy-${origin.id}`) ?? {}
        assert.deepEqual([fill, text], ['red', 'stream taken'])
        assert.equal(red.statuses.get(origin.id)?.fill, 'green')
      })
    })

    it('that settings.js forbids is said by the server at Catch and by its users, until it is allowed', async () => {
      const settings = { pushBrokerListen: 'off', pollFeedListen: 'loopback' }
      const forbidden = (host: string): FlowNode[] => [
        { id: 'bad-broker', type: 'push-broker' },
        { id: 'bad-feed', type: 'poll-feed', host, anonymous: true },
        { id: z, type: 'tab', label: 'Forbidden' },
        { id: 'bad-push', type: 'push-source', z, broker: 'bad-broker', wires: [[], []] },
        { id: 'bad-poll', type: 'poll-source', z, feed: 'bad-feed', wires: [[], []] },
        { id: 'bad-origin', type: 'delivery-origin', z, broker: '', feed: 'bad-feed', wires: [[]] },
        ...catcher(z, 'errors')
      ]
      const strict = await NodeRed.start({ runtime, settings, flows: forbidden('0.0.0.0') })
      try {
        await eventually(async () => {
          for (const id of ['bad-push', 'bad-poll', 'bad-origin']) {
            assert.equal(strict.statuses.get(id)?.fill, 'red', id)
            assert.match(strict.statuses.get(id)?.text ?? '', /^forbidden by/, id)
          }
          const caught = await recorded<Caught>(strict, 'errors')
          for (const id of ['bad-broker', 'bad-feed']) assert.ok(caught.some(({ source }) => source === id))
          assert.deepEqual([...new Set(caught.map(({ code }) => code))], ['FORBIDDEN_BY_SETTINGS'])
        })
        await strict.deploy(forbidden('127.0.0.1'))
        await eventually(() => {
          assert.equal(strict.statuses.get('bad-push')?.fill, 'red')
          assert.notEqual(strict.statuses.get('bad-poll')?.fill ?? 'red', 'red')
        })
      } finally {
        await strict.close()
      }
    })
  })
