import type { open } from '../main.js'
import { insertComparison } from './comparison.js'
import { text } from './node-red-editor.js'

const TAB = 'push-vs-pull'
/** A link to the panel, as the comments of the examples have it. */
const LINK = `a[href$="#${TAB}"]`
const SHOW = 'push-pull:show-panel'
const INSERT = 'push-pull:insert-comparison'

type Panel = ReturnType<typeof open>

/** The panel comes when it is first looked at: an editor that never shows it pays nothing. */
async function loadPanel(): Promise<typeof open> {
  const url = new URL(`resources/${PACKAGE_NAME}/panel.js?v=${PACKAGE_VERSION}`, document.baseURI)
  const module = (await import(url.href)) as { open: typeof open }
  return module.open
}

function addPanel(): () => void {
  const content = document.createElement('div')
  content.className = 'push-vs-pull'
  content.style.height = '100%'
  let panel: Panel | null = null
  let wanted: string | null = null
  let closed = false
  const seen = new IntersectionObserver(async entries => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    seen.disconnect()
    try {
      const openIn = await loadPanel()
      if (closed) return
      panel = openIn(content)
      if (wanted !== null) panel.choose(wanted)
    } catch (error) {
      content.textContent = text('error.load', {
        message: error instanceof Error ? error.message : String(error)
      })
    }
  })
  seen.observe(content)
  RED.sidebar.addTab({
    id: TAB,
    name: text('name'),
    label: text('label'),
    iconClass: 'fa fa-exchange',
    content,
    enableOnEdit: true,
    action: SHOW
  })
  RED.actions.add(
    SHOW,
    argument => {
      RED.sidebar.show(TAB)
      wanted = typeof argument === 'string' ? argument : null
      if (wanted !== null) panel?.choose(wanted)
    },
    { label: text('action.show') }
  )
  RED.actions.add(INSERT, insertComparison, { label: text('action.insert') })
  const onClick = (event: MouseEvent): void => {
    if (!(event.target instanceof Element) || event.target.closest(LINK) === null) return
    event.preventDefault()
    RED.actions.invoke(SHOW)
  }
  document.addEventListener('click', onClick, true)
  return () => {
    document.removeEventListener('click', onClick, true)
    closed = true
    seen.disconnect()
    panel?.close()
    RED.actions.remove(SHOW)
    RED.actions.remove(INSERT)
    RED.sidebar.removeTab(TAB)
  }
}

let remove: (() => void) | null = null
const leave = (): void => {
  remove?.()
  remove = null
}
// the editor tells a plugin only of a removal by its own palette manager: elsewhere just the nodes are seen to go
const onSetRemoved = (set: unknown): void => {
  if ((set as { readonly module?: string }).module !== PACKAGE_NAME) return
  leave()
  RED.events.off('registry:node-set-removed', onSetRemoved)
}

// an earlier copy of this plugin, when the package was installed anew under an open editor
RED.plugins.getPlugin(TAB)?.onremove?.()
RED.plugins.registerPlugin(TAB, {
  type: 'push-pull-panel',
  onadd() {
    remove ??= addPanel()
    RED.events.on('registry:node-set-removed', onSetRemoved)
  },
  onremove: leave
})
