import { flag, number, oneOf, reference, text } from '../shared/fields.js'

/** The properties of `push-broker` (CONTRACT 2). */
export const fields = {
  mode: oneOf('embedded', 'external'),
  host: text('127.0.0.1'),
  port: number(0, { min: 0, max: 65_535, integer: true }),
  wsPort: number(null, { min: 0, max: 65_535, integer: true }),
  /** Checked only when external. */
  url: text(''),
  tls: reference(),
  anonymous: flag(false),
  alwaysOn: flag(false),
  maxConnections: number(10_000, { min: 1, max: 1_000_000, integer: true }),
  maxPacketBytes: number(1_048_576, { min: 1024, max: 268_435_455, integer: true })
}
