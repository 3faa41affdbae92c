import { DeliveryError } from '../errors.js'

/**
 * Why a server could not listen, in words: `PORT_IN_USE`, else `LISTEN_FAILED`; an error that has a code
 * of ours passes unchanged.
 * @param port - the port that was asked for, unless the error itself names one
 */
export function listenError(error: unknown, { host, port }: { host: string; port: number }): DeliveryError {
  if (error instanceof DeliveryError) return error
  const { code, message, port: named } = toRecord(error)
  const where = `port ${typeof named === 'number' ? named : port} of ${host}`
  if (code === 'EADDRINUSE')
    return new DeliveryError(
      'PORT_IN_USE',
      `Expected ${where} to be free, found another program listening on it; stop that one or choose another port (0 = any free port)`,
      { cause: error }
    )
  const found =
    code === 'EACCES'
      ? 'no permission (ports below 1024 need it)'
      : code === 'EADDRNOTAVAIL'
        ? 'no such address on this machine'
        : String(message ?? error)
  return new DeliveryError('LISTEN_FAILED', `Expected to listen on ${where}, found: ${found}`, {
    cause: error
  })
}

const toRecord = (error: unknown): Record<string, unknown> =>
  typeof error === 'object' && error !== null
    ? {
        code: 'code' in error ? error.code : undefined,
        message: 'message' in error ? error.message : undefined,
        port: 'port' in error ? error.port : undefined
      }
    : {}
