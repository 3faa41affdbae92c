declare module 'node-red-node-test-helper' {
  import type { Node, NodeAPI } from 'node-red'

  type Flow = readonly Readonly<Record<string, unknown>>[]
  type Credentials = Readonly<Record<string, Readonly<Record<string, unknown>>>>
  type NodeModule = (RED: NodeAPI) => void | Promise<void>

  interface HttpAnswer {
    readonly status: number
    readonly body: unknown
    readonly text: string
    readonly headers: Readonly<Record<string, string>>
  }

  /** A request to the admin API; awaiting it sends it. */
  interface HttpRequest extends PromiseLike<HttpAnswer> {
    set(header: string, value: string): HttpRequest
    send(body: unknown): HttpRequest
    expect(status: number): HttpRequest
  }

  /** What of the helper our tests use. */
  export interface NodeTestHelper {
    init(runtimePath: string, settings?: Readonly<Record<string, unknown>>): void
    settings(settings: Readonly<Record<string, unknown>>): Record<string, unknown>
    load(nodes: NodeModule | readonly NodeModule[], flow: Flow, credentials?: Credentials): Promise<void>
    unload(): Promise<void>
    /** The node with this id, as what the test knows it to be; null when there is none. */
    getNode<T = Node>(id: string): T
    clearFlows(): Promise<void>
    setFlows(flow: Flow, type?: 'full' | 'flows' | 'nodes', credentials?: Credentials): Promise<void>
    request(): {
      get(path: string): HttpRequest
      post(path: string): HttpRequest
      delete(path: string): HttpRequest
    }
    startServer(): Promise<void>
    stopServer(): Promise<void>
    url(): string
    log(): { readonly args: readonly (readonly unknown[])[] }
    /** The runtime's event bus: `flows:started` and others. */
    readonly _events: import('node:events').EventEmitter
  }

  const helper: NodeTestHelper
  export default helper
}
