import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import type { Fields } from '../../nodes/shared/fields.js'

/** What the editor is told about a type, as far as it is compared here. */
interface EditorType {
  readonly category: string
  readonly icon?: string
  readonly credentials?: Readonly<Record<string, unknown>>
  readonly defaults: Readonly<Record<string, EditorProperty>>
}
interface EditorProperty {
  readonly value: unknown
  readonly type?: string
  readonly required?: boolean
  readonly validate?: (this: object, value: unknown, opt: object) => unknown
}

const types = readdirSync('nodes').filter(
  type => type !== 'shared' && existsSync(join('nodes', type, `${type}.html`))
)

/** Values that a user may type; each property is asked about all of them. */
const typed = [
  '',
  '0',
  '1',
  '2',
  '-1',
  '1.5',
  '1e3',
  ' ',
  'abc',
  '99999999999',
  'a//b',
  'a/b',
  'a#',
  '$x',
  'x'.repeat(201),
  'x'.repeat(200),
  '.',
  '..',
  'a/../b',
  'a/./b',
  '/a',
  'a/',
  'a+',
  '+/a',
  'a/+',
  'a/#',
  '#/a',
  'a\0',
  'ä/ü',
  'true',
  'Infinity'
]
/** Credentials of each type: user names are shown again, secrets are not. */
const user = { username: { type: 'text' }, password: { type: 'password' } }
const token = { token: { type: 'password' } }
const secrets: Readonly<Record<string, object>> = {
  'push-broker': user,
  'poll-feed': token,
  'poll-source': { ...user, ...token }
}

/** What another program may write where numbers are meant. */
const written = [0, 1, 2, -1, 1.5, 99_999_999_999]
const mayBeEmpty = new Set(['wsPort', 'limit', 'maxRequestsPerSecond', 'maxBytesPerDay'])
const isNumber = (key: string, value: unknown): boolean =>
  mayBeEmpty.has(key) || (typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)))

const editorFolder = join('nodes', 'shared', 'editor')
const plugins = readdirSync(editorFolder).filter(file => file.endsWith('.html'))
const scriptsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => script
  )

/** Runs the script of an HTML file as the editor does, up to `registerType`, after those of the shared plugins. */
function editorType(type: string): EditorType {
  const files = [...plugins.map(file => join(editorFolder, file)), join('nodes', type, `${type}.html`)]
  const found = new Map<string, EditorType>()
  const registered = new Map<string, object>()
  const jQuery = Object.assign(() => ({ length: 0, val: () => undefined }), { ajax() {} })
  const RED = {
    _: (key: string) => key,
    nodes: {
      registerType: (name: string, definition: EditorType) => found.set(name, definition),
      eachNode() {},
      eachConfig() {},
      node: () => null,
      workspace: () => null
    },
    plugins: {
      registerPlugin: (id: string, plugin: object) =>
        registered.set(id, Object.assign(plugin, { _: (key: string) => key })),
      getPlugin: (id: string) => registered.get(id)
    },
    i18n: { lang: () => 'en-US' },
    settings: {},
    utils: { sanitize: (text: string) => text, validatePropertyExpression: () => true }
  }
  for (const script of files.flatMap(scriptsOf))
    runInNewContext(script, { RED, $: jQuery, jQuery, console, URL, window: {}, document: {} })
  const definition = found.get(type)
  assert.ok(definition, `${type}.html does not register ${type}`)
  return definition
}

/** The editor's verdict by its own rules (editor-client, nodes.js, `validateNodeProperty`). */
function accepts(definition: EditorType, property: string, value: unknown): boolean {
  const { validate, required } = definition.defaults[property] ?? { value: undefined }
  if (typeof value === 'string' && /^\$\{\w+\}$/.test(value)) return true
  if (required && value === '') return false
  if (!validate || (required === false && value === '')) return true
  const node: Record<string, unknown> = { id: 'n', _: (key: string) => key }
  for (const [key, { value: fallback }] of Object.entries(definition.defaults)) node[key] = fallback
  return validate.call({ ...node, [property]: value }, value, {}) === true
}

/** The properties below headings that open: each says in the summary what it is set to. */
function changedIn(html: string): string[] {
  const [, folded = ''] = /(<div class="delivery-fold"[\s\S]*?)<\/script>/.exec(html) ?? []
  const credentials = ['username', 'password', 'token']
  return [...folded.matchAll(/id="node(?:-config)?-input-(\w+)"/g)]
    .map(([, property = '']) => property)
    .filter(property => !/^(items|\w+Property)Type$/.test(property) && !credentials.includes(property))
}

for (const type of types)
  describe(`the editor's half of ${type}`, () => {
    let editor: EditorType
    let fields: Fields
    before(async () => {
      editor = editorType(type)
      const file = join('dist', 'nodes', type, 'fields.js')
      const module = (await import(pathToFileURL(file).href)) as { fields?: Fields }
      assert.ok(module.fields, `${file} exports no fields`)
      fields = module.fields
    })

    it('has the same properties', () => {
      assert.deepEqual(
        Object.keys(editor.defaults)
          .filter(key => key !== 'name')
          .sort(),
        Object.keys(fields)
          .filter(key => key !== 'name')
          .sort()
      )
    })

    it('has the same defaults', () => {
      for (const [key, field] of Object.entries(fields)) {
        const { value } = editor.defaults[key] ?? { value: undefined }
        // arrays and objects come from the other context
        assert.deepEqual(JSON.stringify(value), JSON.stringify(field.default), key)
      }
    })

    it('gives the same verdicts', () => {
      const different: string[] = []
      for (const [key, property] of Object.entries(editor.defaults)) {
        const field = fields[key]
        // a reference is judged by what exists, a list by what is in it
        if (!field || !property.validate || property.type || typeof property.value === 'object') continue
        const numbers = isNumber(key, property.value) ? written : []
        for (const value of [...typed, ...numbers, property.value]) {
          const ours = 'value' in field.read(value)
          if (accepts(editor, key, value) !== ours)
            different.push(`${key} = ${JSON.stringify(value)}: ${ours ? 'we take it' : 'we refuse it'}`)
        }
      }
      assert.deepEqual(different, [])
    })

    it('keeps what is secret, and nothing else, as credentials', () => {
      assert.deepEqual(JSON.parse(JSON.stringify(editor.credentials ?? {})), secrets[type] ?? {})
    })

    it('has no number inputs, into which no environment variable can be typed', () => {
      assert.doesNotMatch(readFileSync(join('nodes', type, `${type}.html`), 'utf8'), /type="number"/)
    })

    it('says what is wrong in a sentence: every validator has two parameters', () => {
      for (const [key, { validate }] of Object.entries(editor.defaults))
        if (validate) assert.equal(validate.length, 2, key)
    })

    it('has all its texts', () => {
      const html = readFileSync(join('nodes', type, `${type}.html`), 'utf8')
      const folder = join('nodes', type, 'locales', 'en-US')
      const catalog = JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8')) as object
      assert.deepEqual(Object.keys(catalog), [type])
      const text = (key: string) =>
        key
          .split('.')
          .reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], catalog)
      const keys = [
        ...[...html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map(([, key = '']) => key),
        ...[...html.matchAll(/\._\('([^'$]+)'/g)].map(([, key = '']) => key),
        ...[...html.matchAll(/\bsay\('([^'$]+)'/g)].map(([, key = '']) => `${type}.${key}`),
        // a sentence about a property names it
        ...[
          ...html.matchAll(/(?:check|embedded)\('(?:number|whole|oneOf|finder|reference|address)', '(\w+)'/g)
        ].map(([, property = '']) => `${type}.label.${property}`),
        ...changedIn(html).map(property => `${type}.changed.${property}`)
      ].filter(key => key.startsWith(`${type}.`))
      assert.ok(keys.length > 0)
      assert.deepEqual(
        keys.filter(key => typeof text(key) !== 'string'),
        []
      )
      const help = readFileSync(join(folder, `${type}.html`), 'utf8')
      assert.match(help, new RegExp(`<script type="text/html" data-help-name="${type}">`))
      for (const heading of ['Details', 'Example', 'References'])
        assert.ok(help.includes(`<h3>${heading}</h3>`))
      const codes = readFileSync(join('lib', 'errors.ts'), 'utf8')
      for (const [, code = ''] of help.matchAll(/<code>([A-Z]+_[A-Z_]+)<\/code>/g))
        assert.ok(codes.includes(`'${code}'`), `${code} is no code`)
    })
  })
