import type { Text } from '../view/view.js'

/** A node of the flow as it stands in the editor, deployed or not. */
export interface FlowNode {
  readonly id: string
  readonly type: string
  readonly name: string
  /** Tab or subflow that it stands in. */
  readonly place: string
}

/** A wire of the flow as it stands in the editor. */
export interface FlowWire {
  readonly from: string
  /** Output port of `from`, from 0. */
  readonly port: number
  readonly to: string
}

/** Everything that the panel asks of the editor around it. */
export interface Editor {
  readonly text: Text
  /** BCP 47 tag of the editor's language. */
  readonly language: string
  /** @throws AdminError */
  get<T>(path: string): Promise<T>
  /** @throws AdminError */
  post<T>(path: string, body: object): Promise<T>
  /** Shows a node in the workspace. */
  reveal(id: string): void
  importExample(): void
  insertComparison(): void
  /** Nodes of our types, and the wires between any. */
  flow(): { readonly nodes: readonly FlowNode[]; readonly wires: readonly FlowWire[] }
  /** Calls back after every change of the flow; returns how to stop. */
  onFlowChange(changed: () => void): () => void
  /** Whether this user may start, stop and reset. */
  readonly mayWrite: boolean
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
