// What the panel uses of the editor's global `RED` and of its jQuery; both are there before any plugin.
interface EditorNode {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly z?: string
  readonly [property: string]: unknown
}

/** Either end may be the border of a subflow, which has a direction and an index. */
interface EditorLink {
  readonly source: EditorNode
  readonly sourcePort: number
  readonly target: EditorNode
}

interface EditorWorkspace {
  readonly id: string
  readonly label?: string
  readonly disabled?: boolean
}

interface EditorPlugin {
  readonly type?: string
  onadd(): void
  onremove?(): void
}

declare const RED: {
  readonly _: (key: string, params?: Readonly<Record<string, unknown>>) => string
  readonly i18n: { lang(): string }
  readonly plugins: {
    registerPlugin(id: string, plugin: EditorPlugin): void
    getPlugin(id: string): EditorPlugin | undefined
  }
  readonly actions: {
    add(name: string, action: (argument?: unknown) => void, options?: { label?: string }): void
    remove(name: string): void
    invoke(name: string, ...parameters: unknown[]): void
  }
  readonly sidebar: {
    addTab(options: Readonly<Record<string, unknown>>): void
    removeTab(id: string): void
    show(id: string): void
  }
  readonly nodes: {
    node(id: string): EditorNode | null | undefined
    eachNode(visit: (node: EditorNode) => unknown): void
    eachConfig(visit: (node: EditorNode) => unknown): void
    filterLinks(filter: Readonly<Record<string, unknown>>): readonly EditorLink[]
    workspace(id: string): EditorWorkspace | null | undefined
    subflow(id: string): (EditorWorkspace & { readonly name?: string }) | null | undefined
    eachWorkspace(visit: (workspace: EditorWorkspace) => unknown): void
    dirty(): boolean
    dirty(now: boolean): void
  }
  readonly view: {
    reveal(id: string): void
    redraw(): void
    state(): number
    importNodes(nodes: readonly object[], options: Readonly<Record<string, boolean>>): void
  }
  readonly events: {
    on(event: string, listener: (argument?: unknown) => void): void
    off(event: string, listener: (argument?: unknown) => void): void
    emit(event: string, argument: unknown): void
  }
  readonly state: { readonly IMPORT_DRAGGING: number }
  readonly workspaces: { show(id: string): void; isLocked(id?: string): boolean }
  readonly history: { push(event: Readonly<Record<string, unknown>>): void }
  readonly editor: { validateNode(node: EditorNode): boolean }
  readonly utils: { getNodeLabel(node: EditorNode, otherwise: string): string }
  readonly user: { hasPermission(permission: string): boolean }
}

interface JQueryAnswer {
  then(
    answered: (body: unknown) => unknown,
    failed: (answer: { readonly status: number; readonly responseText?: string }) => unknown
  ): unknown
}

declare const $: { ajax(request: Readonly<Record<string, unknown>>): JQueryAnswer }

/** From package.json, written in by the build. */
declare const PACKAGE_NAME: string
declare const PACKAGE_VERSION: string
