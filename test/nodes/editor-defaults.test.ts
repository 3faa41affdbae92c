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
/** What another program may write where numbers are meant. */
const written = [0, 1, 2, -1, 1.5, 99_999_999_999]
const mayBeEmpty = new Set(['wsPort', 'limit', 'maxRequestsPerSecond', 'maxBytesPerDay'])
const isNumber = (key: string, value: unknown): boolean =>
  mayBeEmpty.has(key) || (typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)))

/** Runs the script of an HTML file as the editor does, up to `registerType`. */
function editorType(type: string): EditorType {
  const html = readFileSync(join('nodes', type, `${type}.html`), 'utf8')
  const scripts = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)]
  const found = new Map<string, EditorType>()
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
    settings: {},
    validators: {
      number: () => (value: unknown) => value !== '' && !Number.isNaN(Number(value)),
      regex: (pattern: RegExp) => (value: unknown) => pattern.test(String(value)),
      typedInput: () => () => true
    },
    utils: { sanitize: (text: string) => text, validatePropertyExpression: () => true }
  }
  for (const [, script = ''] of scripts)
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
        ...[...html.matchAll(/\._\('([^'$]+)'/g)].map(([, key = '']) => key)
      ].filter(key => key.startsWith(`${type}.`))
      assert.ok(keys.length > 0)
      assert.deepEqual(
        keys.filter(key => typeof text(key) !== 'string'),
        []
      )
      const help = readFileSync(join(folder, `${type}.html`), 'utf8')
      assert.match(help, new RegExp(`<script type="text/html" data-help-name="${type}">`))
    })
  })
