import { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'

/**
 * A WebSocket as the byte stream that MQTT runs on: binary messages in any cut [MQTT-6.0.0-2]. All that is written
 * while corked leaves as one message (`ws`' own stream sends one for every piece of a packet).
 */
export function webSocketStream(socket: WebSocket): Duplex {
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
    if (!isBinary) stream.destroy()
    else if (!stream.push(bytesOf(data))) socket.pause()
  })
  socket.on('error', error => stream.destroy(error))
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
