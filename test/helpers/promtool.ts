import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where `scripts/test-setup.js` puts it when none is on the PATH. */
const own = join('test', 'runtimes', 'promtool', 'promtool')

/** Runs promtool; what it says, and 0 when it has nothing to complain of. */
export function promtool(
  args: readonly string[],
  input = ''
): { readonly status: number; readonly said: string } {
  const command = existsSync(own) ? own : 'promtool'
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8' })
  if (error !== undefined) throw error
  return { status: status ?? -1, said: `${stdout}${stderr}` }
}
