import { setImmediate } from 'node:timers/promises'
import mqtt from 'mqtt'
import type { Ms } from '../../lib/units.js'

/**
 * Publishes at QoS 0 at an even pace, against the clock and not against a timer's idea of it.
 * @param body - makes message n, from 0
 * @returns messages sent
 */
export async function publishPaced(
  url: string,
  topic: string,
  ratePerSecond: number,
  ms: Ms,
  body: (n: number) => string
): Promise<number> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 })
  const start = performance.now()
  let sent = 0
  for (;;) {
    const now = performance.now() - start
    if (now >= ms) break
    const due = Math.floor((now / 1000) * ratePerSecond)
    while (sent < due) client.publish(topic, body(sent++))
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  await setImmediate()
  await client.endAsync()
  return sent
}

/** An update on the wire as an origin makes it: what both sides of a bench receive. */
export function envelope(n: number): string {
  const sequence = String(n + 1).padStart(12, '0')
  return JSON.stringify({
    specversion: '1.0',
    id: `0f8s4k2m1qzabcd-${sequence}`,
    source: '/streams/updates',
    type: 'push-pull.update',
    time: new Date().toISOString().replace('Z', '000Z'),
    sequence,
    epoch: '0f8s4k2m1qzabcd',
    datacontenttype: 'application/json',
    data: { n, value: 20 + (n % 10), pad: 'x'.repeat(32) }
  })
}
