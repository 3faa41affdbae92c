// Bundles the browser half: a small plugin that the editor loads at its start, the panel that it loads when it is first
// looked at, and what the panel loads when somebody scrolls to it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, transform } from 'esbuild'
import { namedChunks } from './named-chunks.js'

const PLUGIN = join('dist', 'panel', 'push-vs-pull.html')
/** Node-RED serves `resources/` of a package's root, and no other place. */
const RESOURCES = 'resources'
export const PANEL = join(RESOURCES, 'panel.js')
/** What the panel is made of: each part by the name of its file, and the module that it begins with. */
const PARTS = {
  panel: ['main.ts'],
  lesson: ['view', 'lesson', 'part.ts'],
  saved: ['view', 'saved', 'part.ts'],
  deciding: ['view', 'decision', 'part.ts'],
  table: ['view', 'table', 'part.ts']
}

/** Files in dist/ that this makes. */
export const PANEL_OUTPUTS = [PLUGIN]

/** Style sheets as text, made small: esbuild's own text loader leaves them as they are. */
const styles = {
  name: 'styles',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true })
      return { contents: code, loader: 'text' }
    })
  }
}

/** uPlot hangs these on itself, so no bundler can see that the panel draws straight lines alone. */
const UNUSED_PATHS = ['stepped', 'bars', 'spline']

/** uPlot without the kinds of lines that the panel never draws. */
const leanPlot = {
  name: 'lean-plot',
  setup({ onLoad }) {
    onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path }) => {
      const whole = readFileSync(path, 'utf8')
      const contents = UNUSED_PATHS.reduce((source, kind) => {
        const assigned = new RegExp(`\\(paths\\.${kind}\\s*=\\s*\\w+\\);`)
        if (!assigned.test(source)) throw new Error(`Expected uPlot to set paths.${kind}, found no such line`)
        return source.replace(assigned, '')
      }, whole)
      return { contents, loader: 'js' }
    })
  }
}

const options = {
  bundle: true,
  plugins: [styles, leanPlot],
  minify: true,
  write: false,
  charset: 'utf8',
  target: ['es2022'],
  legalComments: 'none',
  logLevel: 'warning'
}

/** @param root - the project's folder */
export async function bundlePanel(root) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const define = { PACKAGE_NAME: JSON.stringify(name), PACKAGE_VERSION: JSON.stringify(version) }
  const inPanel = path => join(root, 'panel', ...path)
  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }

  const plugin = await build({
    ...options,
    define,
    format: 'iife',
    entryPoints: [inPanel(['editor', 'plugin.ts'])]
  })
  const script = plugin.outputFiles[0].text.replaceAll('</script', '<\\/script')
  write(PLUGIN, `<script type="text/javascript">\n${script}</script>\n`)

  const parts = await build({
    ...options,
    define,
    format: 'esm',
    splitting: true,
    metafile: true,
    banner: { js: '/*! With uPlot, (c) Leon Sorokin, MIT licence */' },
    absWorkingDir: root,
    outdir: RESOURCES,
    entryPoints: Object.entries(PARTS).map(([out, path]) => ({ in: inPanel(path), out }))
  })
  const files = namedChunks(parts, version)
  for (const [file, text] of files) write(join(RESOURCES, file), text)
  for (const file of readdirSync(join(root, RESOURCES)))
    if (!files.has(file)) rmSync(join(root, RESOURCES, file))
}
