import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real Mosquitto, stopped and started again at will on one port. */
export interface Mosquitto {
  readonly port: number
  readonly url: string
  start(): Promise<void>
  /** SIGKILL: no goodbye to anybody. */
  kill(): Promise<void>
  /** SIGTERM: it saves what it keeps, where it was told to. */
  stop(): Promise<void>
  /** Ends it and removes its files. */
  close(): Promise<void>
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/**
 * @param lines - configuration besides the listener; `<folder>` is its own
 * @param users - name and password of those let in; none = anybody
 */
export async function startMosquitto(
  lines: readonly string[] = [],
  users: Readonly<Record<string, string>> = {}
): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'))
  const port = await freePort()
  const passwords = join(folder, 'passwords')
  const secured = Object.keys(users).length > 0
  if (secured) {
    await writeFile(
      passwords,
      Object.entries(users)
        .map(([name, word]) => `${name}:${word}\n`)
        .join('')
    )
    const hashed = spawn('mosquitto_passwd', ['-U', passwords], { stdio: 'ignore' })
    await once(hashed, 'exit')
  }
  const config = join(folder, 'mosquitto.conf')
  const access = secured ? [`password_file ${passwords}`, 'allow_anonymous false'] : ['allow_anonymous true']
  // the test's own user, who alone can read the folder
  const owner = process.getuid?.() === 0 ? ['user root'] : []
  await writeFile(
    config,
    [...owner, `listener ${port} 127.0.0.1`, ...access, ...lines, '']
      .join('\n')
      .replaceAll('<folder>', `${folder}/`)
  )
  let child: ChildProcess | undefined

  const start = async () => {
    const started = spawn('mosquitto', ['-v', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    child = started
    const { stderr } = started
    if (!stderr) throw new Error('no log')
    let log = ''
    stderr.setEncoding('utf8')
    await new Promise<void>((resolve, reject) => {
      stderr.on('data', (text: string) => {
        log = (log + text).slice(-10_000)
        if (/ running/.test(log)) resolve()
      })
      started.once('error', reject)
      started.once('exit', () => reject(new Error(`mosquitto ended: ${log}`)))
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  const kill = () => end('SIGKILL')
  await start()
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    start,
    kill,
    stop: () => end('SIGTERM'),
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    }
  }
}
