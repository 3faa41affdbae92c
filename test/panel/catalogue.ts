import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../helpers/runtimes.js'

type Texts = { readonly [key: string]: string | Texts }

const texts = JSON.parse(
  readFileSync(join(projectRoot, 'panel', 'locales', 'en-US', 'push-vs-pull.json'), 'utf8')
) as Texts

/** Text of a key of the panel's English catalogue, as the editor gives it. @throws when it has none */
export function catalogueText(key: string, params: Readonly<Record<string, string | number>> = {}): string {
  const found = key
    .split('.')
    .reduce<string | Texts | undefined>((at, name) => (typeof at === 'object' ? at[name] : undefined), texts)
  if (typeof found !== 'string') throw new Error(`no text for ${key}`)
  return found.replace(/__(\w+)__/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new Error(`${key} lacks ${name}`)
    return String(value)
  })
}
