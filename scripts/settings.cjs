// Settings of the Node-RED that `npm start` opens: this project's nodes, loopback only, nothing that calls home.
const { randomBytes } = require('node:crypto')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')

const root = dirname(__dirname)
const secretFile = join(process.env.DELIVERY_USER_DIR, 'credential-secret')
if (!existsSync(secretFile)) writeFileSync(secretFile, randomBytes(32).toString('hex'), { mode: 0o600 })

module.exports = {
  flowFile: 'flows.json',
  flowFilePretty: true,
  credentialSecret: readFileSync(secretFile, 'utf8'),
  uiHost: '127.0.0.1',
  nodesDir: [root],
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, page: { title: 'Push and pull' } },
  logging: { console: { level: 'error', metrics: false, audit: false } }
}
