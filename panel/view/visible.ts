/** Calls back with whether somebody can see an element; returns how to stop. */
export function watchVisible(target: HTMLElement, changed: (visible: boolean) => void): () => void {
  let onScreen = false
  let told: boolean | null = null
  const tell = () => {
    const visible = onScreen && document.visibilityState === 'visible'
    if (visible === told) return
    told = visible
    changed(visible)
  }
  const observer = new IntersectionObserver(entries => {
    onScreen = entries.at(-1)?.isIntersecting ?? false
    tell()
  })
  observer.observe(target)
  document.addEventListener('visibilitychange', tell)
  return () => {
    observer.disconnect()
    document.removeEventListener('visibilitychange', tell)
  }
}
