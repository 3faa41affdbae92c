import { contentOf, filesBelow } from './text-uses.js'

/** Texts by key, `poll-source.label.url`. */
export type Catalogue = Readonly<Record<string, string>>

type Tree = { readonly [key: string]: string | Tree }

const flat = (tree: Tree, before = ''): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value] as const] : flat(value, `${before}${key}.`)
  )

export const languages = ['en-US', 'de'] as const

/** Catalogues (`.json`) or helps (`.html`) of the English language. */
export const englishFiles = (extension: 'json' | 'html'): readonly string[] =>
  [...filesBelow('nodes'), ...filesBelow('panel')].filter(file =>
    new RegExp(`/locales/en-US/[^/]+\\.${extension}$`).test(file)
  )

/** The same file in another language. */
export const inLanguage = (file: string, language: string): string =>
  file.replace('/locales/en-US/', `/locales/${language}/`)

/** Keys are in the order of the file. */
export const catalogueOf = (file: string): Catalogue =>
  Object.fromEntries(flat(JSON.parse(contentOf(file)) as Tree))
