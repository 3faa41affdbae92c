import type { NodeAPI } from 'node-red'
import { flowEvents } from './flow-events.js'

/**
 * Calls back when the flows of a deploy have started.
 * @returns how to ask for the next start: `run` is called once, unless taken back
 */
export function flowStarts(RED: NodeAPI): (run: () => void) => () => void {
  const onFlows = flowEvents(RED)
  return run => {
    const cancel = onFlows('flows:started', () => {
      cancel()
      run()
    })
    return cancel
  }
}
