import assert from 'node:assert/strict'
import { eventually, NodeRed } from '../helpers/node-red.js'
import { runtimes } from '../helpers/runtimes.js'
import { comparison, ids, laneOf, type Report } from './comparison.js'

const z = 'c0a0000000000000'
/** A report endpoint of the user's own: http in → delivery-metrics → http response. */
const endpoint = [
  { id: 'ask', type: 'http in', z, url: '/figures', method: 'get', wires: [['form']] },
  {
    id: 'form',
    type: 'change',
    z,
    rules: [{ t: 'set', p: 'report', pt: 'msg', to: 'req.query.form', tot: 'msg' }],
    wires: [[ids.metrics]]
  },
  { id: 'answer', type: 'http response', z, statusCode: '', headers: {}, wires: [] }
]

/** What it serves: form, content type, and what is in it. */
const forms: readonly (readonly [form: string, type: RegExp, ...contents: readonly RegExp[]])[] = [
  ['csv', /^text\/csv/, /^name,source,model/, new RegExp(ids.push)],
  ['openmetrics', /^application\/openmetrics-text/, /delivery_latency_seconds_bucket\{.*\n# EOF\n$/s],
  ['times', /^application\/json/, /^\[\d+/],
  // what only the runtime knows: the workload, and the versions
  [
    'html',
    /^text\/html/,
    /<svg/,
    /<dt>arrivals<\/dt><dd>[a-z]+<\/dd>/,
    /<dt>Node-RED<\/dt><dd>[45]\./,
    /<dt>@push-pull\/node-red-delivery<\/dt><dd>\d/
  ]
]

for (const runtime of runtimes)
  describe(`headless ${runtime.name}`, function () {
    this.timeout(60_000)

    it('delivers and reports with httpAdminRoot false', async () => {
      const flows = comparison().map(node =>
        node.id === ids.metrics ? { ...node, wires: [[], ['answer']] } : node
      )
      const settings = { httpAdminRoot: false, httpNodeRoot: '/' }
      const red = await NodeRed.start({ runtime, settings, flows: [...flows, ...endpoint] })
      try {
        await eventually(async () => {
          const response = await red.request('/figures?form=json')
          assert.equal(response.status, 200)
          assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
          const report = (await response.json()) as Report
          for (const source of [ids.push, ids.poll])
            assert.ok((laneOf(report, source).updates.delivered ?? 0) > 0)
        })
        for (const [form, type, ...contents] of forms) {
          const response = await red.request(`/figures?form=${form}`)
          assert.match(response.headers.get('content-type') ?? '', type, form)
          const body = await response.text()
          for (const content of contents) assert.match(body, content, form)
        }
        assert.equal((await red.request(`/delivery/metrics/${ids.metrics}`)).status, 404)
        assert.doesNotMatch(red.output, /\[error\]|TypeError/)
        await red.stop()
      } finally {
        await red.close()
      }
    })

    it('runs and stops without any HTTP server', async () => {
      const settings = { httpAdminRoot: false, httpNodeRoot: false }
      const red = await NodeRed.start({ runtime, settings, flows: comparison() })
      try {
        await eventually(() => assert.equal(red.statuses.get(ids.push)?.fill, 'green'))
        assert.doesNotMatch(red.output, /\[error\]|TypeError/)
        await red.stop()
      } finally {
        await red.close()
      }
    })

    it('keeps its endpoints below another httpAdminRoot, and behind their permission', async () => {
      const red = await NodeRed.start({
        runtime,
        settings: { httpAdminRoot: '/admin' },
        users: {
          ann: { password: 'a', permissions: '*' },
          bob: { password: 'b', permissions: 'flows.read' }
        },
        flows: comparison()
      })
      try {
        const path = `/delivery/metrics/${ids.metrics}`
        assert.equal((await red.request(path)).status, 401)
        await red.login('bob', 'b', 'flows.read')
        assert.equal((await red.request(path)).status, 401)
        await red.login('ann', 'a')
        await red.report(ids.metrics)
        assert.equal((await red.post(`/delivery/workload/${ids.workload}`, { running: false })).status, 200)
      } finally {
        await red.close()
      }
    })
  })
