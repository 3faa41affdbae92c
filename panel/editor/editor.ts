import type { Flow } from '../model/words/wiring.js'
import type { Text } from '../view/view.js'

/** Everything that the panel asks of the editor around it. */
export interface Editor {
  readonly text: Text
  /** BCP 47 tag of the editor's language. */
  readonly language: string
  /** @throws AdminError */
  get<T>(path: string): Promise<T>
  /** @throws AdminError */
  getText(path: string): Promise<string>
  /** @throws AdminError */
  post<T>(path: string, body: object): Promise<T>
  /** Shows a node in the workspace. */
  reveal(id: string): void
  /**
   * Imports an example on a tab of its own and shows it; where it is already, it is only shown.
   * @param number - with which its name begins, `07`; the first one when absent
   * @throws AdminError
   */
  importExample(number?: string): Promise<void>
  /**
   * Writes properties into a node of the workspace, as its dialog would: it is marked as changed, and undo takes it back.
   * @param id - of the runtime
   * @returns false when there is no such node to be changed
   */
  writeProperties(id: string, properties: Readonly<Record<string, string>>): boolean
  insertComparison(): void
  /** All nodes and wires as they stand in the workspace; the same object until something changes. */
  flow(): Flow
  /** New nodes hang at the pointer, until a click in the workspace. */
  readonly placing: boolean
  /** The workspace has changes that are not deployed. */
  readonly undeployed: boolean
  /** Calls back after every change of the flow; returns how to stop. */
  onFlowChange(changed: () => void): () => void
  /** Whether this user may start, stop and reset. */
  readonly mayWrite: boolean
  /** Whether this user may change flows. */
  readonly mayEdit: boolean
}

/** An admin request that failed: `status` 0 when nothing answered. */
export class AdminError extends Error {
  readonly status: number
  readonly code: string | null

  constructor(status: number, code: string | null, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
