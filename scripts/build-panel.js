// Bundles the browser half: a small plugin that the editor loads at its start, and the panel that it loads when it
// is first looked at.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, transform } from 'esbuild'

const PLUGIN = join('dist', 'panel', 'push-vs-pull.html')
/** Node-RED serves `resources/` of a package's root, and no other place. */
export const PANEL = join('resources', 'panel.js')

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
  const bundle = async (entry, format, banner = '') => {
    const { outputFiles } = await build({
      ...options,
      define,
      format,
      banner: { js: banner },
      entryPoints: [join(root, 'panel', ...entry)]
    })
    return outputFiles[0].text
  }
  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const plugin = await bundle(['editor', 'plugin.ts'], 'iife')
  write(PLUGIN, `<script type="text/javascript">\n${plugin.replaceAll('</script', '<\\/script')}</script>\n`)
  write(PANEL, await bundle(['main.ts'], 'esm', '/*! With uPlot, (c) Leon Sorokin, MIT licence */'))
}
