// Names for the files that esbuild splits a bundle into: the same after every build, told apart by a query.
import { basename } from 'node:path'

/**
 * A part keeps its name, and what several parts share is named after them: `panel-table.js`. Each asks for the others
 * with the version, as the plugin asks for the first: a browser never mixes two versions.
 * @returns text by file name
 */
export function namedChunks({ outputFiles, metafile }, version) {
  const outputs = Object.entries(metafile.outputs)
  const parts = outputs.filter(([, { entryPoint }]) => entryPoint !== undefined)
  const needs = path => {
    const found = new Set([path])
    for (const one of found)
      for (const { path: next, kind } of metafile.outputs[one].imports)
        if (kind === 'import-statement') found.add(next)
    return found
  }
  const needed = parts.map(([path]) => [basename(path, '.js'), needs(path)])
  const names = new Map(
    outputs.map(([path, { entryPoint }]) => {
      const users = needed.filter(([, all]) => all.has(path)).map(([part]) => part)
      return [basename(path), entryPoint === undefined ? `${users.sort().join('-')}.js` : basename(path)]
    })
  )
  if (new Set(names.values()).size < names.size)
    throw new Error(`Expected one name for each chunk, found ${[...names.values()].join(', ')}`)
  const renamed = text =>
    [...names].reduce((whole, [from, to]) => whole.replaceAll(`"./${from}"`, `"./${to}?v=${version}"`), text)
  return new Map(outputFiles.map(({ path, text }) => [names.get(basename(path)), renamed(text)]))
}
