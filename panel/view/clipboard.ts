/**
 * Puts text into the clipboard. The clipboard's own interface is there on secure origins only, and an editor is
 * often served over plain HTTP: the old way then.
 * @returns whether it is there
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (error) {
    // no clipboard here (TypeError), or not for us (NotAllowedError)
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error
    return copySelected(text)
  }
}

function copySelected(text: string): boolean {
  const focused = deepestFocus()
  const box = document.createElement('textarea')
  box.value = text
  box.style.cssText = 'position:fixed;top:0;left:0;opacity:0'
  document.body.append(box)
  box.select()
  const copied = document.execCommand('copy')
  box.remove()
  focused?.focus()
  return copied
}

/** What has the focus, inside shadow roots too. */
function deepestFocus(): HTMLElement | null {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused instanceof HTMLElement ? focused : null
}
