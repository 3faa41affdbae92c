import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NodeStatus } from 'node-red'
import type { Diagnosis, Report } from './node-red-process.js'
import { userDirectory } from './packed.js'
import { nodeRed4, type Runtime } from './runtimes.js'

/** One entry of a flow file. */
export type FlowNode = { readonly id: string; readonly type: string } & Readonly<Record<string, unknown>>
export type DeploymentType = 'full' | 'flows' | 'nodes' | 'reload'

export interface NodeRedOptions {
  readonly runtime?: Runtime
  /** The flow file at the start. @default none */
  readonly flows?: readonly FlowNode[]
  /** What settings.js says beyond the quiet defaults; plain JSON. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Users of the editor by name: password and permissions. @default no admin auth */
  readonly users?: Readonly<Record<string, { password: string; permissions: string | string[] }>>
  /** The user directory of an earlier run: a restart. @default a new one with the packed tarball installed */
  readonly userDir?: string
  /** A new user directory without our package. */
  readonly bare?: boolean
  readonly env?: Readonly<Record<string, string>>
}

const START_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 20_000
const file = fileURLToPath(new URL('node-red-process.js', import.meta.url))

function settingsFile({ settings = {}, users }: NodeRedOptions): string {
  const quiet = {
    uiHost: '127.0.0.1',
    uiPort: 0,
    flowFile: 'flows.json',
    credentialSecret: 'test',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    logging: { console: { level: 'info', metrics: false, audit: false } }
  }
  const auth = `{
    type: 'credentials',
    users: async name => known[name] ? { username: name, permissions: known[name].permissions } : null,
    authenticate: async (name, password) =>
      known[name]?.password === password ? { username: name, permissions: known[name].permissions } : null
  }`
  return `const known = ${JSON.stringify(users ?? {})}
module.exports = ${JSON.stringify({ ...quiet, ...settings })}
${users ? `module.exports.adminAuth = ${auth}` : ''}
`
}

/** A real Node-RED in a process of its own. */
export class NodeRed {
  readonly userDir: string
  /** `http://127.0.0.1:<port>`; '' without any HTTP server. */
  origin = ''
  /** Everything that it printed. */
  output = ''
  /** The last status of each node that showed one. */
  readonly statuses = new Map<string, NodeStatus>()
  /** Sent with every request once set: a bearer token of `login`. */
  #token = ''
  readonly #child: ChildProcess
  readonly #adminRoot: string
  readonly #reports = new EventEmitter()
  readonly #removeUserDir: () => void
  readonly #ended: Promise<unknown>

  private constructor(options: NodeRedOptions, userDir: string, removeUserDir: () => void) {
    const { runtime = nodeRed4, settings = {}, env = {} } = options
    this.userDir = userDir
    this.#removeUserDir = removeUserDir
    this.#adminRoot =
      typeof settings.httpAdminRoot === 'string' ? settings.httpAdminRoot.replace(/\/$/, '') : ''
    this.#child = fork(file, [runtime.red, '--userDir', userDir], {
      execPath: runtime.node,
      execArgv: [],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', chunk => {
        this.output += chunk
        this.#reports.emit('output')
      })
    this.#child.on('message', (report: Report) => {
      if (report.kind === 'status') this.statuses.set(report.node, report.status)
      this.#reports.emit(report.kind, report)
    })
    this.#ended = once(this.#child, 'close').then(() => this.#reports.emit('ended'))
  }

  /** Resolves when flows have started and HTTP listens. */
  static async start(options: NodeRedOptions = {}): Promise<NodeRed> {
    const fresh =
      options.userDir === undefined ? await userDirectory({ bare: options.bare ?? false }) : undefined
    const userDir = options.userDir ?? fresh?.path ?? ''
    writeFileSync(join(userDir, 'settings.js'), settingsFile(options))
    if (options.flows) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(options.flows))
    const red = new NodeRed(options, userDir, () => fresh?.remove())
    const limit = AbortSignal.timeout(START_LIMIT_MS)
    try {
      const line = /(?:(?:now running at|Server wird jetzt auf) (http\S+))|Running in headless mode/
      const [[, address]] = await Promise.all([red.printed(line, limit), red.#next('flows-started', limit)])
      if (address) red.origin = new URL(address).origin
    } catch (error) {
      await red.close()
      throw new Error(`Node-RED did not start:\n${red.output}`, { cause: error })
    }
    return red
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  async #next(
    kind: Report['kind'] | 'output',
    signal = AbortSignal.timeout(START_LIMIT_MS)
  ): Promise<unknown> {
    const ended = new AbortController()
    const onEnd = () => ended.abort(new Error(`Node-RED ended while waiting for ${kind}:\n${this.output}`))
    this.#reports.once('ended', onEnd)
    try {
      const [report] = await once(this.#reports, kind, { signal: AbortSignal.any([signal, ended.signal]) })
      return report
    } finally {
      this.#reports.off('ended', onEnd)
    }
  }

  /** Waits until the output matches. */
  async printed(pattern: RegExp, signal = AbortSignal.timeout(START_LIMIT_MS)): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output)
      if (match) return match
      await this.#next('output', signal)
    }
  }

  /** A request to Node-RED; a path of the admin API unless it starts with `http`. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.#token) headers.set('authorization', `Bearer ${this.#token}`)
    const url = path.startsWith('http') ? path : `${this.origin}${this.#adminRoot}${path}`
    return fetch(url, { ...init, headers })
  }

  /** Calls back for every status that a node shows. @returns how to stop it */
  onStatus(shown: (node: string) => void): () => void {
    const listener = (report: Extract<Report, { kind: 'status' }>) => shown(report.node)
    this.#reports.on('status', listener)
    return () => this.#reports.off('status', listener)
  }

  /** The JSON that a path of the admin API answers. */
  async get<T = unknown>(path: string): Promise<T> {
    const response = await this.request(path, { headers: { accept: 'application/json' } })
    assert.equal(
      response.status,
      200,
      `GET ${path} answered ${response.status}: ${await response.clone().text()}`
    )
    return (await response.json()) as T
  }

  /** Sends JSON to a path of the admin API. */
  async post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
    const response = await this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body)
    })
    assert.ok(
      response.ok,
      `POST ${path} answered ${response.status}: ${response.ok || (await response.text())}`
    )
    return response
  }

  /** Deploys these flows as the editor does; resolves when they have started. */
  async deploy(flows: readonly FlowNode[], type: DeploymentType = 'full'): Promise<void> {
    const started = this.#next('flows-started')
    started.catch(() => undefined) // a refused deploy is told by the request
    const headers = { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type }
    await (await this.post('/flows', { flows }, headers)).arrayBuffer()
    await started
  }

  /** The report of a metrics node. */
  report<T = Record<string, unknown>>(metricsId: string, query = ''): Promise<T> {
    return this.get<T>(`/delivery/metrics/${metricsId}${query}`)
  }

  /** Logs in; all requests that follow carry the token. `scope`: no more than the user's permissions. */
  async login(username: string, password: string, scope = '*'): Promise<void> {
    this.#token = ''
    const credentials = {
      client_id: 'node-red-admin',
      grant_type: 'password',
      scope,
      username,
      password
    }
    const response = await this.post('/auth/token', credentials)
    this.#token = ((await response.json()) as { access_token: string }).access_token
  }

  /** What the process holds and has used now. */
  async diagnose(): Promise<Diagnosis> {
    const answer = this.#next('diagnosis')
    this.#child.send('diagnose')
    return ((await answer) as Extract<Report, { kind: 'diagnosis' }>).diagnosis
  }

  /** Ends the server thread that listens on a port, as a crash of it would. */
  async killThread(port: number): Promise<void> {
    const killed = this.#next('thread-killed')
    this.#child.send({ killThreadAt: port })
    await killed
  }

  /** Ends it as a power cut would; the user directory stays for a restart. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Ends it as Ctrl-C would; the user directory stays for a restart. @throws when it does not end */
  async stop(): Promise<void> {
    if (this.running) this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS)
    await this.#ended
    clearTimeout(timer)
    assert.notEqual(this.#child.signalCode, 'SIGKILL', `Node-RED did not stop:\n${this.output}`)
  }

  /** Ends it, however it is, and removes its user directory. */
  async close(): Promise<void> {
    if (this.running) this.#child.kill('SIGKILL')
    await this.#ended
    this.#removeUserDir()
  }
}

/** Asks until `check` holds, or fails with its last reason. For what no event announces. */
export async function eventually<T>(check: () => T | Promise<T>, limitMs = 15_000): Promise<T> {
  const until = performance.now() + limitMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}
