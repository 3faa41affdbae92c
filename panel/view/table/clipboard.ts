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
  // a copy needs something selected; a text area would change the line ends of what it holds
  const box = document.createElement('textarea')
  box.value = '–'
  box.style.cssText = 'position:fixed;top:0;left:0;opacity:0'
  let taken = false
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopPropagation()
    taken = event.clipboardData !== null
  }
  document.body.append(box)
  document.addEventListener('copy', onCopy, true)
  box.select()
  const copied = document.execCommand('copy')
  document.removeEventListener('copy', onCopy, true)
  box.remove()
  focused?.focus()
  return copied && taken
}

/** What has the focus, inside shadow roots too. */
function deepestFocus(): HTMLElement | null {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused instanceof HTMLElement ? focused : null
}
