/**
 * Takes files that are dropped on an element; what else is dragged over it goes its way.
 * @returns how to stop
 */
export function onFileDrop(target: HTMLElement, take: (file: File) => void): () => void {
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    // the editor would import it as a flow
    event.stopPropagation()
    target.classList.add('dropping')
  }
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget instanceof Node && target.contains(event.relatedTarget)) return
    target.classList.remove('dropping')
  }
  const drop = (event: DragEvent): void => {
    target.classList.remove('dropping')
    if (!hasFiles(event)) return
    event.preventDefault()
    event.stopPropagation()
    const [file] = event.dataTransfer?.files ?? []
    if (file !== undefined) take(file)
  }
  target.addEventListener('dragenter', over)
  target.addEventListener('dragover', over)
  target.addEventListener('dragleave', leave)
  target.addEventListener('drop', drop)
  return () => {
    target.removeEventListener('dragenter', over)
    target.removeEventListener('dragover', over)
    target.removeEventListener('dragleave', leave)
    target.removeEventListener('drop', drop)
  }
}
