import type { NodeAPI } from 'node-red'

/** What Node-RED says of every deploy, in this order; the first deploy of a run only starts. */
export type FlowEvent = 'flows:stopped' | 'flows:starting' | 'flows:started'

/** Calls `run` at every such event; returns how to stop that. */
export type OnFlowEvent = (event: FlowEvent, run: () => void) => () => void

/**
 * The deploys of one runtime, by one listener for all nodes of a type: one each would pass Node's warning
 * limit of ten.
 */
export function flowEvents(RED: NodeAPI): OnFlowEvent {
  const all = new Map<FlowEvent, { readonly runs: Set<() => void>; readonly happened: () => void }>()
  const entryOf = (event: FlowEvent) => {
    const known = all.get(event)
    if (known) return known
    const runs = new Set<() => void>()
    const entry = {
      runs,
      happened: () => {
        for (const run of [...runs]) if (runs.has(run)) run()
      }
    }
    all.set(event, entry)
    return entry
  }
  return (event, run) => {
    const { runs, happened } = entryOf(event)
    if (runs.size === 0) RED.events.on(event, happened)
    const own = () => run()
    runs.add(own)
    return () => {
      if (runs.delete(own) && runs.size === 0) RED.events.removeListener(event, happened)
    }
  }
}
