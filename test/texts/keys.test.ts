import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { catalogueOf, englishFiles } from '../helpers/catalogues.js'
import { contentOf, filesBelow, type TextUse, templateKeys, usesIn } from '../helpers/text-uses.js'
import { dynamicKeys } from './dynamic-keys.js'

const code = [...filesBelow('nodes'), ...filesBelow('panel')].filter(
  file => /\.(ts|html)$/.test(file) && !file.includes('/locales/')
)
const known: ReadonlySet<string> = new Set(
  englishFiles('json').flatMap(file => Object.keys(catalogueOf(file)))
)
const ofPanel = (file: string) => file.startsWith('panel/')
/** Asks for a text; what else is called so sets the text of an element. */
const asks = ({ file, asked }: TextUse): boolean =>
  ofPanel(file) ? /^(context\.)?(_|text|RED\._|sentence)$/.test(asked) : /(^|\.)(_|say)$/.test(asked)
const uses = code.flatMap(usesIn).filter(asks)
/** `say` of a dialog and of a shared plugin leaves the first name of the key out. */
const whole = ({ file, asked }: TextUse, key: string): string =>
  /say$/.test(asked) ? `${basename(file, '.html')}.${key}` : key
const dialogs = code.filter(file => /^nodes\/(?!shared)[^/]+\/[^/]+\.html$/.test(file))

/** Properties that a dialog checks: sentences about them begin with their label. */
const checkedIn = (html: string): readonly string[] =>
  [...html.matchAll(/\b(?:check|embedded)\('(?:number|whole|oneOf|finder|reference|address)', '(\w+)'/g)].map(
    ([, property = '']) => property
  )
/** Properties below headings of a dialog: summaries tell them when they are not as by default. */
function foldedIn(html: string): readonly string[] {
  const [, defaults = ''] = /\bdefaults: \{([\s\S]*?)\n {4}\},?\n/.exec(html) ?? []
  const properties = [...defaults.matchAll(/^ {6}(\w+): \{/gm)].map(([, name]) => name)
  const start = html.indexOf('class="delivery-fold"')
  const template = start < 0 ? '' : html.slice(start, html.indexOf('</script>', start))
  return [...template.matchAll(/id="node-(?:config-)?input-(\w+)"/g)]
    .map(([, property = '']) => property)
    .filter(property => properties.includes(property))
    .filter(property => !(/Type$/.test(property) && properties.includes(property.replace(/Type$/, ''))))
}

describe('the keys of texts', () => {
  const written = uses.filter(({ literal }) => literal)
  const used = new Set([
    ...written.flatMap(use => use.keys.map(key => whole(use, key))),
    ...code.flatMap(templateKeys),
    ...Object.values(dynamicKeys).flatMap(expressions => Object.values(expressions).flat()),
    ...dialogs.flatMap(file => {
      const type = basename(file, '.html')
      const html = contentOf(file)
      return [
        ...checkedIn(html).map(property => `${type}.label.${property}`),
        ...foldedIn(html).map(property => `${type}.changed.${property}`)
      ]
    })
  ])

  it('that are put together are listed, each with all that it can come to', () => {
    const found: Record<string, Set<string>> = {}
    for (const { file, expression } of uses.filter(({ literal }) => !literal)) {
      found[file] ??= new Set()
      found[file].add(expression)
    }
    for (const file of new Set([...Object.keys(found), ...Object.keys(dynamicKeys)]))
      assert.deepEqual(
        [...(found[file] ?? [])].sort(),
        Object.keys(dynamicKeys[file] ?? {}).sort(),
        `${file}: list it in test/texts/dynamic-keys.ts`
      )
  })

  it('that code asks for are in the catalogues', () => {
    assert.ok(written.length > 150)
    assert.deepEqual(
      [...used].filter(key => !known.has(key)),
      []
    )
  })

  it('that are in the catalogues are asked for', () => {
    assert.deepEqual(
      [...known].filter(key => !used.has(key)),
      []
    )
  })

  it('of limits are those that the servers count', () => {
    const servers = [...filesBelow('lib/broker'), ...filesBelow('lib/feed')].map(contentOf).join('\n')
    const limits = [...known].filter(key => key.startsWith('servers.limit.'))
    assert.ok(limits.length > 30)
    for (const key of limits) assert.match(servers, new RegExp(`\\b${key.split('.').at(-1)}\\b`), key)
  })
})
