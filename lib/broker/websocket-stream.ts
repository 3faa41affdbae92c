import { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'

/** What may not come over a WebSocket: a message above the limit, text, or what is no WebSocket. */
export type WebSocketFault = 'tooLarge' | 'malformed'

/**
 * A WebSocket as the byte stream that MQTT runs on: binary messages in any cut [MQTT-6.0.0-2]. All that is written
 * while corked leaves as one message (`ws`' own stream sends one for every piece of a packet).
 * @param onFault - the client broke the rules, and its connection ends
 */
export function webSocketStream(socket: WebSocket, onFault: (fault: WebSocketFault) => void): Duplex {
  const stream = new Duplex({
    autoDestroy: true,
    read() {
      if (socket.isPaused) socket.resume()
    },
    write(chunk: Buffer, _encoding, callback) {
      socket.send(chunk, { binary: true }, callback)
    },
    writev(chunks, callback) {
      const pieces = chunks.map(({ chunk }) => chunk as Buffer)
      socket.send(Buffer.concat(pieces), { binary: true }, callback)
    },
    final(callback) {
      socket.close(1000)
      callback()
    },
    destroy(error, callback) {
      socket.terminate()
      callback(error)
    }
  })
  socket.on('message', (data: RawData, isBinary: boolean) => {
    // [MQTT-6.0.0-1]
    if (!isBinary) {
      onFault('malformed')
      stream.destroy()
    } else if (!stream.push(bytesOf(data))) socket.pause()
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code?.startsWith('WS_ERR_'))
      onFault(error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'tooLarge' : 'malformed')
    stream.destroy(error)
  })
  socket.on('close', () => {
    stream.push(null)
    stream.destroy()
  })
  return stream
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
