import type { ConnectionOptions } from 'node:tls'
import type { Node } from 'node-red'
import type { DeliveryError } from '../../lib/errors.js'
import type { ListenAddress } from '../../lib/thread/thread-server.js'
import type { ServerTotals } from '../../lib/update/exchange.js'
import type { HandedUpdate, Update } from '../../lib/update/update.js'

/** What a config node's server is doing. */
export type ServerState =
  /** External, by URL: nothing of ours to wait for. */
  | { readonly kind: 'external' }
  /** Not listening: nobody uses it. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'listening'; readonly address: ListenAddress }
  /** Tried again with back-off: port in use, thread died. */
  | { readonly kind: 'retrying'; readonly error: DeliveryError }
  /** Not tried again before the next deploy: forbidden, credentials required, configuration wrong. */
  | { readonly kind: 'failed'; readonly error: DeliveryError }

/** A node that uses a config node. */
export interface ServerUser {
  /** The node itself: named in `GET delivery/server/<id>` and in errors. */
  readonly node: Node
  /** Called at once with the present state and on every change. */
  onState?(state: ServerState): void
  /** Each update that an origin hands to this server, in this process (the fleet's truth). */
  onUpdate?(update: Update): void
}

/** How clients of this process reach a server. */
export interface BrokerEndpoint {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:` */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** For `mqtts:` and `wss:`. */
  readonly tls?: ConnectionOptions
}

export interface FeedEndpoint {
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly token?: string
  readonly tls?: ConnectionOptions
}

/** A `push-broker` or `poll-feed`, as the other nodes see it. */
export interface ServerNode<Endpoint> extends Node {
  /** Our own server in a thread of this process. */
  readonly embedded: boolean
  /** True when it does not take updates of ours: an external feed. */
  readonly readOnly: boolean
  /** Largest body that it accepts, in bytes; null = not known. */
  readonly maxBodyBytes: number | null
  state(): ServerState
  /** Enters the list of users; an embedded server listens from its first user on. Returns how to leave. */
  join(user: ServerUser): () => void
  /**
   * Where to connect, asked before every connect; waits while an embedded server starts or retries.
   * External brokers: one or several, to be tried in turn.
   * @throws the signal's reason when aborted; DeliveryError when it failed for good
   */
  endpoints(signal: AbortSignal): Promise<readonly [Endpoint, ...Endpoint[]]>
  /** Makes a stream known, before the server listens where possible. */
  declare(stream: string): void
  /**
   * Takes a stream for one origin; returns how to give it back.
   * @throws DeliveryError `STREAM_TAKEN` naming the other node and its tab
   */
  claim(stream: string, origin: Node): () => void
  /**
   * Hands one update over, in call order; while an embedded server starts it waits (10 000 at most, then `QUEUE_FULL`).
   * `update` goes to the users' `onUpdate`.
   * @throws DeliveryError
   */
  handOver(update: Update, handed: HandedUpdate): Promise<void>
  /**
   * Makes an embedded server unreachable, as if its network were gone: its port and every connection are closed, while it
   * takes updates and keeps what it has. A deploy of it brings it back.
   * @returns how to bring it back: resolves once it listens again. A server that is still starting is waited for
   * @throws DeliveryError `FAULT_EMBEDDED_ONLY`, `FAULT_RUNNING`, or why it does not listen; the signal's reason when aborted
   */
  takeAway(signal: AbortSignal): Promise<() => Promise<void>>
  /** The last sample of the embedded server's figures; null for an external one. */
  server(): ServerTotals | null
}

export type BrokerNode = ServerNode<BrokerEndpoint>
export type FeedNode = ServerNode<FeedEndpoint>
