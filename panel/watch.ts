import type { Curves } from '../lib/metrics/curves.js'
import type { EventPage } from '../lib/metrics/event-page.js'
import type { Report } from '../lib/metrics/report.js'
import type { EpochMs, Ms } from '../lib/units.js'
import { AdminError, type Editor } from './editor/editor.js'
import { ServerClock } from './model/server-clock.js'
import { Tracks } from './model/tracks.js'

/** A metrics node that runs, as `GET delivery/metrics` lists it. */
export interface MetricsNode {
  readonly id: string
  readonly name: string
  /** Tab and subflow instances that it stands in. */
  readonly path: string
}

/** Why there is nothing to show. */
export type Trouble = {
  readonly kind: 'forbidden' | 'unreachable' | 'failed' | 'refused'
  readonly message: string
} | null

/** What has been heard of one metrics node. */
export interface Watched {
  readonly nodes: readonly MetricsNode[] | null
  readonly chosen: string | null
  readonly report: Report | null
  readonly curves: Curves | null
  readonly tracks: Tracks
  readonly trouble: Trouble
}

/** How often each thing is asked for while the panel is looked at. */
const EVENTS_MS = 500
const REPORT_MS = 1000
const CURVES_MS = 3000
const NODES_MS = 4000
/** After an answer that failed. */
const RETRY_MS = 2000
/** So long the reader is told what was refused. */
const TOLD_MS = 8000
/** Kept of the past: the longest span of a picture and a little more. */
const KEPT_MS = 135_000
/** Pages of events that one round may take to catch up. */
const MOST_PAGES = 4

/**
 * Asks the admin endpoints about one metrics node, one request at a time, only while it is started.
 * Survives restarts of Node-RED and deploys that take the node away and bring it back.
 */
export class Watch {
  readonly #editor: Editor
  readonly #changed: () => void
  readonly #clock = new ServerClock()
  readonly #tracks = new Tracks()
  #nodes: readonly MetricsNode[] | null = null
  #chosen: string | null = null
  #report: Report | null = null
  #curves: Curves | null = null
  #trouble: Trouble = null
  #lastEvent = 0
  #due = { nodes: 0, report: 0, curves: 0 }
  #timer: ReturnType<typeof setTimeout> | null = null
  #running = false
  #round = 0
  /** Until then what was refused is told, whatever is answered meanwhile. */
  #tellUntil = 0

  constructor(editor: Editor, changed: () => void) {
    this.#editor = editor
    this.#changed = changed
  }

  get watched(): Watched {
    return {
      nodes: this.#nodes,
      chosen: this.#chosen,
      report: this.#report,
      curves: this.#curves,
      tracks: this.#tracks,
      trouble: this.#trouble
    }
  }

  /** The metrics node that is watched: where it answers, and what it is called. */
  get chosen(): { readonly path: string; readonly name: string } | null {
    const id = this.#chosen
    return id === null ? null : { path: pathOf(id), name: this.#report?.name || id }
  }

  /** The server's clock now; null before the first answer. */
  now(): EpochMs | null {
    return this.#clock.now(performance.now())
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    this.#due = { nodes: 0, report: 0, curves: 0 }
    this.#next(0)
  }

  stop(): void {
    this.#running = false
    this.#round += 1
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Watches another metrics node; the list decides again if it does not run. */
  choose(id: string): void {
    if (id === this.#chosen) return
    this.#chosen = id
    this.#forget()
    this.#changed()
    if (this.#running) this.#again()
  }

  /** Lets the figures of the chosen node begin at zero. */
  async reset(): Promise<void> {
    if (this.#chosen === null) return
    try {
      await this.#editor.post(`${pathOf(this.#chosen)}/reset`, {})
      this.#tellUntil = 0
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      this.refused(error)
    }
    this.refresh()
  }

  /** Tells the reader for a while that something that they asked for was not done. */
  refused({ message }: AdminError): void {
    this.#trouble = { kind: 'refused', message }
    this.#tellUntil = performance.now() + TOLD_MS
    this.#changed()
  }

  /** Asks for everything at once: after a reset, or a deploy. */
  refresh(): void {
    this.#due = { nodes: 0, report: 0, curves: 0 }
    if (this.#running) this.#again()
  }

  #again(): void {
    this.#round += 1
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#next(0)
  }

  #forget(): void {
    this.#tracks.clear()
    this.#report = null
    this.#curves = null
    this.#lastEvent = 0
    this.#due = { ...this.#due, report: 0, curves: 0 }
  }

  #next(delay: Ms): void {
    const round = this.#round
    this.#timer = setTimeout(async () => {
      const wait = await this.#ask(round)
      if (this.#running && round === this.#round) this.#next(wait)
    }, delay)
  }

  /** One round of requests; returns how long to wait for the next. */
  async #ask(round: number): Promise<Ms> {
    const begun = performance.now()
    try {
      if (begun >= this.#due.nodes) await this.#askNodes(round)
      const id = this.#chosen
      if (id !== null && round === this.#round) {
        await this.#askEvents(id, round)
        if (begun >= this.#due.report && round === this.#round) {
          const report = await this.#get<Report>(`${pathOf(id)}?previous=0&frontier=0`)
          if (round === this.#round) this.#took(report)
        }
        if (begun >= this.#due.curves && round === this.#round) {
          const curves = await this.#get<Curves>(`${pathOf(id)}/curves`)
          if (round === this.#round) this.#curves = curves
          this.#due.curves = begun + CURVES_MS
        }
      }
      if (round !== this.#round) return 0
      if (performance.now() >= this.#tellUntil) this.#trouble = null
      this.#changed()
      return Math.max(50, EVENTS_MS - (performance.now() - begun))
    } catch (error) {
      if (!(error instanceof AdminError)) throw error
      if (round !== this.#round) return 0
      this.#failed(error)
      this.#changed()
      return RETRY_MS
    }
  }

  async #askNodes(round: number): Promise<void> {
    const nodes = await this.#get<MetricsNode[]>('delivery/metrics')
    if (round !== this.#round) return
    this.#nodes = nodes
    this.#due.nodes = performance.now() + NODES_MS
    if (nodes.some(({ id }) => id === this.#chosen)) return
    const first = nodes[0]?.id ?? null
    if (first !== this.#chosen) this.#forget()
    this.#chosen = first
  }

  async #askEvents(id: string, round: number): Promise<void> {
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await this.#get<EventPage>(`${pathOf(id)}/events?after=${this.#lastEvent}`)
      if (round !== this.#round) return
      // it began anew: a restart, or another node under this id
      if (page.last < this.#lastEvent) this.#tracks.clear()
      this.#clock.answered(page.now, performance.now())
      this.#tracks.add(page, page.now - KEPT_MS)
      this.#lastEvent = page.last
      if (page.more === 0) return
    }
  }

  #took(report: Report): void {
    this.#report = report
    this.#due.report = performance.now() + REPORT_MS
  }

  #failed({ status, message }: AdminError): void {
    if (status === 404) {
      // a deploy took the node away for a moment, or for good: the list knows
      this.#due.nodes = 0
      return
    }
    const kind = status === 401 || status === 403 ? 'forbidden' : status === 0 ? 'unreachable' : 'failed'
    this.#trouble = { kind, message }
  }

  #get<T>(path: string): Promise<T> {
    return this.#editor.get<T>(path)
  }
}

const pathOf = (id: string): string => `delivery/metrics/${encodeURIComponent(id)}`
