import type { AddressInfo } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import { nearHost } from '../shared/server-address.js'
import { trustOnly } from '../shared/server-tls.js'

interface OwnSettings {
  readonly httpNodeRoot?: string | false
  readonly httpRoot?: string | false
  readonly uiHost?: string
  readonly uiPort?: number | string
  readonly https?: OwnTls | (() => OwnTls | Promise<OwnTls>)
}

interface OwnTls {
  readonly cert?: unknown
}

/**
 * Where this Node-RED itself serves a path of its flows (`http in`).
 * @param path - begins with `/`
 * @throws DeliveryError `NO_OWN_HTTP`
 */
export async function ownUrl(
  RED: NodeAPI,
  path: string
): Promise<{ readonly url: URL; readonly tls: ConnectionOptions | undefined }> {
  const settings = RED.settings as unknown as OwnSettings
  const root = settings.httpNodeRoot ?? settings.httpRoot ?? '/'
  if (root === false)
    throw new DeliveryError(
      'NO_OWN_HTTP',
      'Expected httpNodeRoot in settings.js, found that it is switched off'
    )
  const listening = (RED.server as { address?(): AddressInfo | string | null } | undefined)?.address?.()
  const port =
    typeof listening === 'object' && listening !== null ? listening.port : Number(settings.uiPort ?? 1880)
  if (!Number.isInteger(port) || port < 1)
    throw new DeliveryError('NO_OWN_HTTP', 'Expected a port on which this Node-RED listens, found none')
  const host = nearHost({ host: settings.uiHost || '0.0.0.0', port, wsPort: null })
  const tls = typeof settings.https === 'function' ? await settings.https() : settings.https
  const prefix = root.replace(/^\/?/, '/').replace(/\/$/, '')
  const cert = Array.isArray(tls?.cert) ? tls.cert[0] : tls?.cert
  return {
    url: new URL(`${tls ? 'https' : 'http'}://${host}:${port}${prefix}${path}`),
    // it is asked by its address, for which its certificate need not be issued
    tls: cert ? trustOnly({ cert: String(cert) }) : undefined
  }
}
