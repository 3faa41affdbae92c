import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** Certificates for the host `device.example`: one that signed itself, two that an authority of their own issued. */
export function deviceCertificates(): {
  readonly selfSigned: Certificate
  readonly issued: readonly [Certificate, Certificate]
} {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  const path = (name: string) => join(folder, name)
  const make = (name: string, subject: string, ...more: readonly string[]): Certificate => {
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '2'
        ],
        ...['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`), '-subj', subject, ...more]
      ],
      { stdio: 'ignore' }
    )
    return { key: readFileSync(path(`${name}.key`), 'utf8'), cert: readFileSync(path(`${name}.pem`), 'utf8') }
  }
  const issue = (name: string): Certificate => {
    const request = path(`${name}.csr`)
    execFileSync(
      'openssl',
      [
        ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-keyout', path(`${name}.key`), '-out', request, '-subj', '/CN=device.example']
      ],
      { stdio: 'ignore' }
    )
    execFileSync(
      'openssl',
      [
        ...['x509', '-req', '-in', request, '-CA', path('authority.pem'), '-CAkey', path('authority.key')],
        ...['-CAcreateserial', '-days', '2', '-out', path(`${name}.pem`)]
      ],
      { stdio: 'ignore' }
    )
    return { key: readFileSync(path(`${name}.key`), 'utf8'), cert: readFileSync(path(`${name}.pem`), 'utf8') }
  }
  try {
    make('authority', '/CN=Authority')
    return { selfSigned: make('self', '/CN=device.example'), issued: [issue('first'), issue('second')] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
