import type { Browser, CDPSession } from 'playwright-core'
import type { FlowNode } from '../../test/helpers/node-red.js'

export const METRICS = 'metrics'

/** A push lane and pull lanes on one stream, `lanes` together, at `rate` updates a second. */
export function lanesFlow(lanes: number, rate: number): FlowNode[] {
  const z = 'tab'
  const wires = [[METRICS], [METRICS]]
  const sources = Array.from({ length: lanes }, (_, lane): FlowNode => {
    const place = { z, x: 300, y: 100 + 40 * lane, wires, stream: 'updates', name: `lane ${lane}` }
    return lane % 2 === 0
      ? { id: `push${lane}`, type: 'push-source', broker: 'broker', ...place }
      : { id: `pull${lane}`, type: 'poll-source', feed: 'feed', intervalMs: '250', read: 'log', ...place }
  })
  return [
    { id: z, type: 'tab', label: 'Lanes' },
    { id: 'broker', type: 'push-broker' },
    { id: 'feed', type: 'poll-feed' },
    { id: 'load', type: 'delivery-workload', z, x: 100, y: 40, rate: String(rate), wires: [['origin']] },
    {
      id: 'origin',
      type: 'delivery-origin',
      z,
      x: 200,
      y: 40,
      broker: 'broker',
      feed: 'feed',
      wires: [[METRICS]]
    },
    ...sources,
    { id: METRICS, type: 'delivery-metrics', z, x: 500, y: 100, warmUpSeconds: '0', wires: [[], []] }
  ]
}

/** CPU time of the browser's processes that draw pages, in seconds; the browser's own process is not one. */
export async function drawingSeconds(browser: Browser): Promise<number> {
  const session: CDPSession = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo
    .filter(({ type }) => type === 'renderer' || type === 'GPU')
    .reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}
