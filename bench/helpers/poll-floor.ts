// The least that the same polls cost without Node-RED: node poll-floor.js, told over IPC what to do.
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { Client } from 'undici'

/** How a floor asks: a bare undici client, `node:http` with a keep-alive agent, or a socket alone. */
export type FloorKind = 'undici' | 'http' | 'net'

/** Parent to child. */
export type FloorOrder =
  | {
      readonly kind: 'start'
      readonly floor: FloorKind
      readonly url: string
      readonly sources: number
      readonly intervalMs: number
    }
  | { readonly kind: 'stop' | 'cpu' }

/** Asks once at a time, as every poller does; its validator is what the answer before said. */
interface Asker {
  /** Nothing while an answer is awaited. */
  ask(): void
  close(): void
}

/** Parses a new document, as each side does that polls for a flow. */
const parse = (body: Buffer | string): unknown => JSON.parse(body.toString())

function undiciAsker(url: URL): Asker {
  const client = new Client(url.origin)
  let etag = ''
  let body: Buffer | undefined
  let status = 0
  let asking = false
  const handler = {
    onRequestStart() {},
    onResponseStart(_controller: unknown, statusCode: number, headers: { etag?: string | string[] }) {
      status = statusCode
      etag = String(headers.etag)
    },
    onResponseData(_controller: unknown, chunk: Buffer) {
      body = chunk
    },
    onResponseEnd() {
      asking = false
      if (status === 200 && body) parse(body)
    },
    onResponseError() {
      asking = false
    }
  }
  return {
    ask() {
      if (asking) return
      asking = true
      client.dispatch(
        { method: 'GET', path: url.pathname, headers: etag ? { 'if-none-match': etag } : {} },
        handler
      )
    },
    close: () => void client.destroy()
  }
}

function httpAsker(url: URL): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let etag = ''
  let asking = false
  const ended = () => {
    asking = false
  }
  return {
    ask() {
      if (asking) return
      asking = true
      const headers = etag ? { 'if-none-match': etag } : {}
      get(url, { agent, headers }, response => {
        etag = response.headers.etag ?? ''
        response.on('data', chunk => {
          if (response.statusCode === 200) parse(chunk)
        })
        response.on('end', ended)
      }).on('error', ended)
    },
    close: () => agent.destroy()
  }
}

/** No HTTP parser either: it knows what this one server answers. */
function netAsker(url: URL): Asker {
  let etag = ''
  let answer = ''
  let asking = false
  const socket: Socket = connect(Number(url.port), url.hostname)
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', chunk => {
    answer += chunk.toString('latin1')
    const isNew = answer.startsWith('HTTP/1.1 200')
    if (!answer.endsWith(isNew ? '\r\n0\r\n\r\n' : '\r\n\r\n')) return
    const start = answer.indexOf('etag: ') + 6
    etag = answer.slice(start, answer.indexOf('\r\n', start))
    if (isNew) parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
    answer = ''
    asking = false
  })
  const head = `GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n`
  return {
    ask() {
      if (asking) return
      asking = true
      socket.write(etag ? `${head}if-none-match: ${etag}\r\n\r\n` : `${head}\r\n`)
    },
    close: () => void socket.destroy()
  }
}

const askers = { undici: undiciAsker, http: httpAsker, net: netAsker }

/** Asks on a grid of its own phase, as a source does. */
function onSchedule(asker: Asker, intervalMs: number): () => void {
  let due = performance.now() + Math.random() * intervalMs
  let timer: NodeJS.Timeout
  const arm = () => {
    timer = setTimeout(
      () => {
        due += intervalMs * Math.max(1, Math.ceil((performance.now() - due) / intervalMs))
        arm()
        asker.ask()
      },
      Math.max(0, due - performance.now())
    )
  }
  arm()
  return () => {
    clearTimeout(timer)
    asker.close()
  }
}

let stops: (() => void)[] = []
process.on('message', (order: FloorOrder) => {
  if (order.kind === 'cpu') {
    const { user, system } = process.cpuUsage()
    process.send?.((user + system) / 1000)
    return
  }
  for (const stop of stops) stop()
  stops = []
  process.send?.(0)
  if (order.kind === 'start')
    for (let number = 0; number < order.sources; number++) {
      const asker = askers[order.floor](new URL(order.url + number))
      stops.push(onSchedule(asker, order.intervalMs))
    }
})
process.on('disconnect', () => process.exit())
