import { X509Certificate } from 'node:crypto'
import { type ConnectionOptions, createSecureContext } from 'node:tls'
import type { Node, NodeAPI } from 'node-red'
import { DeliveryError } from '../../lib/errors.js'
import type { ServerTls } from '../../lib/thread/thread-server.js'

/** Node-RED's core `tls-config`. */
interface TlsConfigNode extends Node {
  /** False when its files could not be read. */
  readonly valid?: boolean
  addTLSOptions(options: ConnectionOptions): ConnectionOptions
}

/**
 * What a `tls-config` node says about connections to others; undefined when none is chosen.
 * @throws DeliveryError `TLS_INVALID`
 */
export function clientTls(RED: NodeAPI, id: string): ConnectionOptions | undefined {
  if (id === '') return undefined
  const node = RED.nodes.getNode(id) as TlsConfigNode | null
  if (!node || !('addTLSOptions' in node))
    throw new DeliveryError('TLS_INVALID', `Expected a tls-config node, found no node ${id} of that type`)
  if (node.valid === false)
    throw new DeliveryError('TLS_INVALID', 'Expected a tls-config with readable files, found one without')
  return node.addTLSOptions({})
}

/**
 * The certificate and key of a server of ours; null when no `tls-config` is chosen.
 * @throws DeliveryError `TLS_INVALID` when they are missing, or do not belong together
 */
export function serverTls(RED: NodeAPI, id: string): ServerTls | null {
  const options = clientTls(RED, id)
  if (!options) return null
  const { key, cert, ca, passphrase } = options
  if (!key || !cert)
    throw new DeliveryError(
      'TLS_INVALID',
      `Expected a tls-config with certificate and private key, found no ${cert ? 'private key' : 'certificate'}`
    )
  const tls: ServerTls = {
    key: String(key),
    cert: String(cert),
    ...(ca ? { ca: String(ca) } : {}),
    ...(passphrase ? { passphrase } : {})
  }
  try {
    createSecureContext(tls)
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause)
    throw new DeliveryError(
      'TLS_INVALID',
      `Expected a certificate and the private key that belongs to it, found: ${found}`,
      { cause }
    )
  }
  return tls
}

/**
 * Trust for exactly the certificate of a server of ours, whoever issued it and for whatever name:
 * clients of this process connect by address.
 */
export function trustOnly({ cert = '' }: ServerTls): ConnectionOptions {
  const own = new X509Certificate(cert)
  return {
    ca: own.toString(),
    // it need not be self-signed to be trusted by itself
    ...{ allowPartialTrustChain: true },
    checkServerIdentity: (_host, { raw }) =>
      raw.equals(own.raw)
        ? undefined
        : new DeliveryError('TLS_INVALID', 'Expected the certificate of our own server, found another one')
  }
}
