import mqemitter, { type MQEmitter } from 'mqemitter'

/**
 * The broker's message bus, without a queue. With Aedes' own (`concurrency` 100) some 2 000 waiting messages
 * overflow the stack while it drains, and one frozen subscriber stops every topic; without a queue there is
 * neither recursion nor a head of line. Order per topic is that of publishing.
 */
export const createEmitter = (): MQEmitter => mqemitter({ concurrency: 0, matchEmptyLevels: true })
