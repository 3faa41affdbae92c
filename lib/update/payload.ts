import { isUtf8 } from 'node:buffer'

/**
 * A body that is not our envelope, as Node-RED's own MQTT node detects it: UTF-8 JSON becomes its value,
 * other UTF-8 text a string, everything else stays a Buffer over the same memory. Never throws.
 */
export function parsePayload(body: Uint8Array): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!isUtf8(bytes)) return bytes
  const text = bytes.toString()
  try {
    return JSON.parse(text)
  } catch {
    // not JSON: the text itself is the payload
    return text
  }
}
