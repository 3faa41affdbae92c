import { numberTexts } from '../lib/number-texts.js'
import type { Editor } from './editor/editor.js'
import { workloadsOf } from './model/words/wiring.js'
import css from './panel.css'
import { element } from './view/elements.js'
import { openLayout } from './view/layout.js'
import { openLegend } from './view/legend.js'
import { openLesson } from './view/lesson/open-lesson.js'
import { onFileDrop } from './view/saved/drop.js'
import { openSaved } from './view/saved/open-saved.js'
import savedCss from './view/saved/saved.css'
import { shownOf } from './view/shown.js'
import { onThemeChange, themeOf } from './view/theme.js'
import { openToolbar } from './view/toolbar.js'
import type { ViewContext } from './view/view.js'
import { sections } from './view/views.js'
import { watchVisible } from './view/visible.js'
import wordsCss from './view/words/words.css'
import { Watch } from './watch.js'
import { Workloads } from './workloads.js'

/** Pictures over time end this long ago, so that what belongs there has arrived: two rounds of asking. */
const LAG_MS = 1100

/**
 * Opens the panel in an element: it asks for figures only while somebody can see it, and draws them.
 * @returns how to choose a metrics node by its id, and how to close
 */
export function openPanel(host: HTMLElement, editor: Editor): { choose(id: string): void; close(): void } {
  // the editor's own styles stay outside, ours inside
  const home = element('div', { class: 'home' })
  home.style.height = '100%'
  const root = home.attachShadow({ mode: 'open' })
  const panel = element('div', { class: 'panel', tabindex: '-1' })
  root.append(
    element('style', {}, [css, wordsCss, savedCss, ...sections.map(section => section.css)].join('\n')),
    panel
  )
  host.replaceChildren(home)

  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const context: ViewContext = {
    text: editor.text,
    numbers: numberTexts(editor.language),
    theme: () => themeOf(host),
    still: () => still.matches,
    editor,
    shrink: () => expand(false),
    reveal: id => {
      expand(false)
      editor.reveal(id)
    }
  }

  let spanMs = 30_000
  let frozenAt: number | null = null
  let expanded = false
  const watch = new Watch(editor, () => show())
  const workloads = new Workloads(
    editor,
    () => show(),
    error => watch.refused(error)
  )
  const legend = openLegend(context, () => show())
  const toolbar = openToolbar(context, {
    choose: id => watch.choose(id),
    setWorkloads: running => workloads.set(running),
    reset: () => watch.reset(),
    freeze,
    expand,
    span(seconds) {
      spanMs = seconds * 1000
      show()
    }
  })
  const saved = openSaved({ context, editor, chosen: () => watch.chosen, changed: () => show() })
  const lesson = openLesson({ context, panel, expand })
  toolbar.element.append(...lesson.buttons, saved.button, saved.menu)
  const layout = openLayout(context, editor, {
    toolbar: toolbar.element,
    saved: element('div', {}, saved.element, lesson.element),
    legend: legend.element,
    workloads
  })
  panel.append(layout.element)

  function show(): void {
    const { watched } = watch
    const edge = frozenAt ?? (watch.now() ?? Date.now()) - LAG_MS
    const shown = shownOf(
      watched,
      { before: saved.run, edge, spanMs, frozen: frozenAt !== null, expanded, dark: context.theme().dark },
      key => legend.isHidden(key)
    )
    panel.classList.toggle('expanded', expanded)
    toolbar.show({
      nodes: watched.nodes ?? [],
      chosen: watched.chosen,
      seconds: watched.report?.seconds ?? null,
      frozen: shown.frozen,
      expanded,
      spanSeconds: spanMs / 1000,
      workloadsRun: workloads.running,
      mayWrite: editor.mayWrite
    })
    legend.show(shown.allLanes)
    saved.show(shown.allLanes)
    lesson.show(shown)
    layout.show(shown, watched)
    workloads.of(workloadsOf(editor.flow, watched.report))
  }

  let visible = false
  function run(): void {
    if (visible && frozenAt === null) watch.start()
    else watch.stop()
    workloads.watch(visible)
  }
  function freeze(frozen: boolean): void {
    frozenAt = frozen ? (watch.now() ?? Date.now()) - LAG_MS : null
    run()
    show()
  }
  function expand(wanted: boolean): void {
    if (wanted === expanded) return
    expanded = wanted
    if (!expanded) lesson.shrunk()
    // above everything of the editor, and back
    if (expanded) document.body.append(overlay)
    else overlay.remove()
    const place = expanded ? overlay : host
    place.append(home)
    if (expanded) panel.focus()
    show()
  }
  const overlay = element('div', { class: 'push-vs-pull-overlay' })
  overlay.style.cssText =
    'position:fixed;inset:0;z-index:2000;background:var(--red-ui-secondary-background,#fff)'
  const onKey = (event: KeyboardEvent): void => {
    if (!expanded) return
    // the editor must not delete or move nodes by what is typed here
    event.stopPropagation()
    if (lesson.key(event.key)) event.preventDefault()
    else if (event.key === 'Escape') expand(false)
  }
  home.addEventListener('keydown', onKey)
  // where nothing has the focus, the editor would hear it
  const onWindowKey = (event: KeyboardEvent): void => {
    if (document.activeElement === document.body) onKey(event)
  }
  window.addEventListener('keydown', onWindowKey, true)
  const leave = [
    watchVisible(home, now => {
      visible = now
      run()
    }),
    onThemeChange(show),
    onFileDrop(panel, file => void saved.take(file)),
    editor.onFlowChange(() => watch.refresh())
  ]
  const resized = new ResizeObserver(() => show())
  resized.observe(panel)
  show()

  return {
    choose: id => watch.choose(id),
    close() {
      watch.stop()
      workloads.watch(false)
      resized.disconnect()
      for (const stop of leave) stop()
      layout.close()
      window.removeEventListener('keydown', onWindowKey, true)
      overlay.remove()
      home.remove()
    }
  }
}
