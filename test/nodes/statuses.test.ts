import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { looks } from '../../nodes/shared/status.js'
import { statusWords } from '../../nodes/shared/status-words.js'

const known: Readonly<Record<string, string>> = statusWords
const languages = (type: string) => readdirSync(join('nodes', type, 'locales'))
const types = readdirSync('nodes').filter(type => existsSync(join('nodes', type, 'locales')))

/** The words of each node's statuses in one language. */
function wordsOf(language: string): { type: string; words: Readonly<Record<string, string>> }[] {
  return types
    .filter(type => type !== 'shared' && languages(type).includes(language))
    .map(type => {
      const file = join('nodes', type, 'locales', language, `${type}.json`)
      const catalogue = JSON.parse(readFileSync(file, 'utf8')) as Record<
        string,
        { status?: Record<string, string> }
      >
      return { type, words: catalogue[type]?.status ?? {} }
    })
}

describe('statuses', () => {
  const all = [...new Set(types.filter(type => type !== 'shared').flatMap(languages))]

  it('are made of one vocabulary: a word has one text in every node', () => {
    for (const language of all) {
      const texts = new Map<string, string>()
      for (const { type, words } of wordsOf(language))
        for (const [word, text] of Object.entries(words)) {
          assert.ok(word in known, `${type} has a status "${word}" that the vocabulary lacks`)
          assert.equal(text, texts.get(word) ?? text, `${word} in ${type}, ${language}`)
          assert.ok(text.length <= 20, `${text} is longer than 20 characters`)
          texts.set(word, text)
        }
      assert.deepEqual([...texts.keys()].sort(), Object.keys(known).sort(), language)
      assert.equal(new Set(texts.values()).size, texts.size, `two words have one text in ${language}`)
    }
  })

  it('are listed in the README with their looks', () => {
    const readme = readFileSync('README.md', 'utf8')
    const english = new Map(wordsOf('en-US').flatMap(({ words }) => Object.entries(words)))
    for (const [word, look] of Object.entries(statusWords)) {
      const { fill, shape } = looks[look]
      const row = readme.split('\n').find(line => line.startsWith(`| ${fill} ${shape} `))
      assert.ok(
        row?.includes(english.get(word) ?? '?'),
        `${english.get(word)} is not in the row "${fill} ${shape}"`
      )
    }
  })
})
