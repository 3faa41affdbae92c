import assert from 'node:assert/strict'
import { eventually, type FlowNode, NodeRed } from '../helpers/node-red.js'
import { json, openSite } from '../lib/poll/site.js'

const flows: readonly FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'Tab', env: [{ name: 'WORD', value: 'of-the-tab', type: 'str' }] },
  {
    id: 'group',
    type: 'group',
    z: 'tab',
    nodes: ['n'],
    env: [{ name: 'INNER', value: 'of-the-group', type: 'str' }]
  },
  {
    ...{ id: 'n', type: 'poll-source', z: 'tab', g: 'group', target: 'url', url: 'http://127.0.0.1:1' },
    ...{ trigger: 'input', stream: 's', wires: [[], []], x: 100, y: 40 }
  }
]
const permissions = ['flows.read', 'delivery.write']
const users = { ann: { password: 'a', permissions }, bob: { password: 'b', permissions } }

describe('trying in a running Node-RED', function () {
  this.timeout(60_000)
  let red: NodeRed
  before(async () => {
    const logging = { console: { level: 'info', metrics: false, audit: true } }
    red = await NodeRed.start({ flows, users, settings: { logging } })
  })
  after(() => red?.close())
  const login = (name: keyof typeof users) => red.login(name, users[name].password, permissions.join(' '))
  const ask = (config: object) =>
    red.request('/delivery/try/poll', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'n', z: 'tab', g: 'group', config: { target: 'url', ...config } })
    })

  it('the audit log names user and address; environments are those of tab and group', async () => {
    const site = await openSite(json({ id: 1 }))
    try {
      await login('ann')
      const headers = ['WORD', 'INNER'].map(value => ({ name: value, value, valueType: 'env' }))
      const answer = await ask({ url: `${site.url}/path?key=of-the-query`, headers })
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      const told = (await answer.json()) as { error: unknown; updates: number }
      assert.deepEqual([told.error, told.updates], [null, 1])
      const { word, inner } = site.requests[0]?.headers ?? {}
      assert.deepEqual([word, inner], ['of-the-tab', 'of-the-group'])
      const line = await eventually(() => {
        const found = red.output.split('\n').find(text => text.includes('delivery.try'))
        assert.ok(found)
        return found
      })
      assert.match(line, /\[audit\]/)
      assert.match(line, /"username":"ann"/)
      assert.ok(line.includes(`"address":"${site.url}"`), line)
      assert.doesNotMatch(red.output, /of-the-query/)
    } finally {
      await site.close()
    }
  })

  it('one try of a user does not keep another user waiting', async () => {
    const answers: (() => void)[] = []
    const site = await openSite((request, response) => {
      answers.push(() => json({})(request, response))
    })
    try {
      await login('ann')
      const first = ask({ url: site.url })
      await site.asked(1)
      assert.equal((await ask({ url: site.url })).status, 429)
      await login('bob')
      const second = ask({ url: site.url })
      await site.asked(2)
      for (const answer of answers) answer()
      assert.deepEqual([(await first).status, (await second).status], [200, 200])
    } finally {
      await site.close()
    }
  })
})
