import type { ConnectionOptions } from 'node:tls'

/** Where a broker is, and how this client is let in. */
export interface PushEndpoint {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:` */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** For `mqtts:` and `wss:`; certificates are checked unless it says otherwise. */
  readonly tls?: ConnectionOptions
}

/** Asked anew before every connect: a port may be new. One or several, tried in turn. */
export type PushEndpoints = (signal: AbortSignal) => Promise<readonly [PushEndpoint, ...PushEndpoint[]]>

/** Whether the way there is encrypted. */
export const isEncrypted = ({ url }: PushEndpoint): boolean => /^(mqtts|wss):/i.test(url)
