import type { NodeAPI } from 'node-red'

/**
 * Calls back when the flows of a deploy have started, by one listener for all nodes of a type:
 * one each would pass Node's warning limit of ten.
 * @returns how to ask for the next start: `run` is called once, unless taken back
 */
export function flowStarts(RED: NodeAPI): (run: () => void) => () => void {
  const waiting = new Set<() => void>()
  const started = () => {
    const all = [...waiting]
    waiting.clear()
    RED.events.removeListener('flows:started', started)
    for (const run of all) run()
  }
  return run => {
    if (waiting.size === 0) RED.events.on('flows:started', started)
    const own = () => run()
    waiting.add(own)
    return () => {
      if (waiting.delete(own) && waiting.size === 0) RED.events.removeListener('flows:started', started)
    }
  }
}
