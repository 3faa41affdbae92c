// A lean HTTP/1.1 load: raw sockets in a process of its own, so that the server, not the client, is what is measured.
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** What one round of load found. */
export interface LoadFigures {
  readonly requestsPerSecond: number
  readonly p99Ms: number
}

/** One round of load. */
export interface LoadOptions {
  readonly port: number
  /** The whole request, header and blank line. */
  readonly request: string
  readonly connections: number
  readonly seconds: number
}

/**
 * Each connection asks, waits for the whole answer, asks again. Answers must be of one length: the first one
 * tells it by its `Content-Length` (none: 0).
 */
export async function load({ port, request, connections, seconds }: LoadOptions): Promise<LoadFigures> {
  const bytes = Buffer.from(request, 'latin1')
  const latencies: number[] = []
  let running = true
  const sockets: Socket[] = []
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      sockets.push(socket)
      socket.setNoDelay(true)
      let length = 0
      let got = 0
      let sent = 0
      const ask = () => {
        got = 0
        sent = performance.now()
        socket.write(bytes)
      }
      socket.on('connect', ask)
      socket.on('data', chunk => {
        length ||= answerLength(chunk)
        got += chunk.length
        if (got < length) return
        if (got > length) reject(new Error(`Expected an answer of ${length} bytes, found ${got}`))
        latencies.push(performance.now() - sent)
        if (running) ask()
        else socket.end()
      })
      socket.on('error', reject)
      socket.on('close', resolve)
    })
  const start = performance.now()
  const all = Promise.all(Array.from({ length: connections }, one))
  const timer = setTimeout(() => {
    running = false
  }, seconds * 1000)
  try {
    await all
  } finally {
    clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
  }
  const elapsed = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  return {
    requestsPerSecond: latencies.length / elapsed,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN
  }
}

function answerLength(first: Buffer): number {
  const text = first.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) throw new Error('Expected the header of the first answer in one piece')
  const [, body] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end)) ?? []
  return end + 4 + Number(body ?? 0)
}
