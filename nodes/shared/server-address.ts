import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { ListenAddress } from '../../lib/thread/thread-server.js'

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::'

/** A host as it stands in a URL. */
export const urlHost = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)

/** The host by which this process reaches a server: what listens on every address is reached by loopback. */
export function nearHost({ host }: ListenAddress): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return urlHost(host === '::' ? '::1' : host)
}

/** The hosts by which a server is reached, this machine's first, as they stand in a URL. */
export function hostsOf(address: ListenAddress): readonly string[] {
  if (!isWildcard(address.host)) return [urlHost(address.host)]
  const others = Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
  return [nearHost(address), ...others]
}
