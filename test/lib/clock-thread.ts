// Tells what time it is, when asked.
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../lib/clock.js'

const clock = systemClock()
parentPort?.on('message', () => parentPort?.postMessage(clock.now()))
