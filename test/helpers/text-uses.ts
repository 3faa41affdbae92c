import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { projectRoot } from './runtimes.js'

/** Where code asks for a text. */
export interface TextUse {
  readonly file: string
  /** The function that is asked, `say`. */
  readonly asked: string
  /** Its first argument as written. */
  readonly expression: string
  /** The keys that are written out in it. */
  readonly keys: readonly string[]
  /** False: keys are put together from parts, or come from elsewhere. */
  readonly literal: boolean
}

const CALL = /(?<![\w.$]|function )((?:[\w?]+\.)*(?:_|say|text|sentence|counted|fact|maybe))\(/g

/** Every file below a folder, by its path from the project's root, with `/`. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(projectRoot, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))

export const contentOf = (file: string): string => readFileSync(join(projectRoot, file), 'utf8')

/** The first argument of a call that opens just before `start`. */
function firstArgument(source: string, start: number): string {
  const open: string[] = []
  for (let at = start; at < source.length; at += 1) {
    const char = source[at] ?? ''
    const within = open.at(-1)
    if (within === "'" || within === '`') {
      if (char === '\\') at += 1
      else if (char === within) open.pop()
      else if (within === '`' && source.startsWith('${', at)) {
        open.push('{')
        at += 1
      }
    } else if (char === "'" || char === '`' || '([{'.includes(char)) open.push(char)
    else if (')]}'.includes(char)) {
      if (open.pop() === undefined) return source.slice(start, at)
    } else if (char === ',' && open.length === 0) return source.slice(start, at)
  }
  return source.slice(start)
}

/** All uses of texts in a file's code: `_('…')`, `say(…)`, `text(…)`, `sentence(…)`. */
export function usesIn(file: string): readonly TextUse[] {
  const source = contentOf(file)
  return [...source.matchAll(CALL)].flatMap(call => {
    const expression = firstArgument(source, call.index + call[0].length)
      .trim()
      .replace(/\s+/g, ' ')
    // what decides which key it is, is none itself
    const choices = expression.replace(/\w+\('[^']*'\)/g, '').replace(/[!=]== '[^']*'/g, '')
    const keys = [...choices.matchAll(/'([^']*)'/g)].map(([, key = '']) => key)
    const literal = keys.length > 0 && !/`|\?\?/.test(choices) && !/[?:] *[a-z]\w* *([?:]|$)/.test(choices)
    return [{ file, asked: call[1] ?? '', expression, keys, literal }]
  })
}

/** Keys that a template asks for: `data-i18n="[placeholder]poll-source.placeholder.name"`. */
export const templateKeys = (file: string): readonly string[] =>
  [...contentOf(file).matchAll(/data-i18n="([^"]*)"/g)].flatMap(([, list = '']) =>
    list.split(';').map(part => part.replace(/^\[[^\]]*\]/, ''))
  )
