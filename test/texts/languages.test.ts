import assert from 'node:assert/strict'
import { catalogueOf, englishFiles, inLanguage, languages } from '../helpers/catalogues.js'
import { contentOf, filesBelow } from '../helpers/text-uses.js'

const placesIn = (text: string) => [...text.matchAll(/__\w+?__/g)].map(([place]) => place).sort()
const tagsIn = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
const count = (html: string, tag: RegExp) => tagsIn(html).filter(found => tag.test(found)).length
const codesIn = (html: string) => [...html.matchAll(/<code>([\s\S]*?)<\/code>/g)].map(([, code]) => code)
/** The sections of a help as the core names them, in each language; `Inputs` and `Outputs` only where there are any. */
const sections = {
  'en-US': ['Inputs', 'Outputs', 'Details', 'Example', 'References'],
  de: ['Eingangsdaten', 'Ausgangsdaten', 'Details', 'Beispiel', 'Verweise']
} as const
const headingsIn = (html: string) => [...html.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, heading = '']) => heading)

describe('the languages', () => {
  it('have the same files', () => {
    const files = [...filesBelow('nodes'), ...filesBelow('panel')].filter(file => file.includes('/locales/'))
    const of = (language: string) =>
      files
        .filter(file => file.includes(`/locales/${language}/`))
        .map(file => file.replace(`/${language}/`, '/'))
    assert.ok(of('en-US').length >= 20)
    assert.deepEqual(of('de').sort(), of('en-US').sort())
    assert.equal(files.length, languages.length * of('en-US').length)
  })

  for (const file of englishFiles('json')) {
    const english = catalogueOf(file)
    const german = catalogueOf(inLanguage(file, 'de'))

    it(`say the same of ${file}: keys, and places for what is filled in`, () => {
      assert.deepEqual(Object.keys(german), Object.keys(english))
      for (const [key, text] of Object.entries(english))
        assert.deepEqual(placesIn(german[key] ?? ''), placesIn(text), key)
    })

    it(`leave no text of ${file} empty, nor its key, nor put markup into it`, () => {
      for (const texts of [english, german])
        for (const [key, text] of Object.entries(texts)) {
          assert.notEqual(text.trim(), '', key)
          assert.equal(text, text.trim(), key)
          assert.notEqual(text, key)
          // the editor puts some labels in as HTML
          assert.doesNotMatch(text, /<[a-z/!]/i, key)
          if (/\.status\./.test(key)) assert.ok([...text].length <= 20, `${key}: ${text}`)
        }
    })

    it(`quote each in its way in ${file}`, () => {
      for (const [key, text] of Object.entries(german)) {
        if (/"/.test(text)) assert.match(text, /\{ "|\["/, `${key}: „…“ instead of "…"`)
        assert.equal(text.split('„').length, text.split('“').length, key)
      }
    })
  }

  for (const file of englishFiles('html')) {
    const helps = languages.map(language => [language, contentOf(inLanguage(file, language))] as const)

    it(`have the sections of the core's help in ${file}`, () => {
      const shown = helps.map(([language, html]) => {
        const names = sections[language] as readonly string[]
        const found = headingsIn(html)
        assert.deepEqual(
          found,
          names.filter(name => found.includes(name)),
          language
        )
        for (const name of names.slice(2)) assert.ok(found.includes(name), `${language} lacks ${name}`)
        return found.map(name => names.indexOf(name))
      })
      assert.deepEqual(shown[1], shown[0])
    })

    it(`have the same links, properties, errors and names of code in ${file}`, () => {
      const [[, english], [, german]] = helps as [(typeof helps)[0], (typeof helps)[0]]
      for (const tag of [/^<a /, /^<script/, /^<span/, /^<dt/])
        assert.deepEqual(
          tagsIn(german).filter(found => tag.test(found)),
          tagsIn(english).filter(found => tag.test(found))
        )
      for (const tag of [
        /^<li>/,
        /^<p>/,
        /^<h4>/,
        /^<dd>/,
        /^<\/li>/,
        /^<\/p>/,
        /^<\/dd>/,
        /^<ul>/,
        /^<\/ul>/
      ])
        assert.equal(count(german, tag), count(english, tag), String(tag))
      // words of a status are the only ones that are translated
      const words = (html: string) =>
        codesIn(html)
          .filter(code => code !== 'lost' && code !== 'verloren')
          .sort()
      assert.deepEqual(words(german), words(english))
    })
  }
})
