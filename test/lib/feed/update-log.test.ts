import assert from 'node:assert/strict'
import fc from 'fast-check'
import { UpdateLog } from '../../../lib/feed/update-log.js'
import { updateId } from '../../../lib/update/identity.js'
import { EPOCH, handed, LATER_EPOCH } from './open.js'

const PLENTY = Number.MAX_SAFE_INTEGER
const id = (sequence: number, epoch = EPOCH) => updateId(epoch, sequence)

function logOf(sequences: readonly number[], updates = 100): UpdateLog {
  const log = new UpdateLog({ updates, bytes: PLENTY })
  for (const sequence of sequences) log.append(handed(sequence))
  return log
}

/** What a reader with this cursor gets. */
function read(log: UpdateLog, cursor: string | null, limit = 100) {
  const { from, to, kept, gap } = log.after(cursor, limit, PLENTY)
  const ids = Array.from({ length: to - from }, (_, index) => log.at(from + index).id)
  return { ids, kept, gap }
}

describe('update log', () => {
  it('gives everything from the oldest update on, without a gap, to a reader without a cursor', () => {
    assert.deepEqual(read(logOf([3, 4], 2), null), { ids: [id(3), id(4)], kept: false, gap: false })
  })

  it('gives what follows a kept cursor', () => {
    assert.deepEqual(read(logOf([1, 2, 3]), id(2)), { ids: [id(3)], kept: true, gap: false })
    assert.deepEqual(read(logOf([1, 2, 3]), id(3)), { ids: [], kept: true, gap: false })
  })

  it('starts at the oldest kept update with a gap when the cursor has left the log', () => {
    assert.deepEqual(read(logOf([1, 2, 3, 4, 5], 2), id(2)), { ids: [id(4), id(5)], kept: false, gap: true })
  })

  it('sees no gap when the oldest kept update directly follows the cursor in its epoch', () => {
    assert.deepEqual(read(logOf([1, 2, 3, 4, 5], 2), id(3)), { ids: [id(4), id(5)], kept: false, gap: false })
    const log = logOf([1, 2, 3], 1)
    log.append(handed(1, { epoch: LATER_EPOCH }))
    assert.equal(read(log, id(0, LATER_EPOCH)).gap, false)
    assert.equal(read(log, id(0)).gap, true)
  })

  it('starts at the oldest kept update with a gap for a cursor that it never had', () => {
    const log = logOf([1, 2])
    for (const cursor of [id(7), id(1, LATER_EPOCH), 'nonsense', '../etc', `${EPOCH}-1`])
      assert.deepEqual(read(log, cursor), { ids: [id(1), id(2)], kept: false, gap: true }, cursor)
  })

  it('has a gap for any cursor while it is empty', () => {
    assert.deepEqual(read(logOf([]), id(4)), { ids: [], kept: false, gap: true })
    assert.deepEqual(read(logOf([]), null), { ids: [], kept: false, gap: false })
  })

  it('reads across a restart of the origin without a gap', () => {
    const log = logOf([1, 2])
    log.append(handed(1, { epoch: LATER_EPOCH }))
    assert.deepEqual(read(log, id(1)), { ids: [id(2), id(1, LATER_EPOCH)], kept: true, gap: false })
  })

  it('says that a sequence number is missing between kept updates', () => {
    assert.equal(read(logOf([1, 2, 4]), id(1)).gap, true)
    assert.equal(read(logOf([1, 2, 4]), id(1), 1).gap, false)
    assert.equal(read(logOf([1, 2, 4]), id(4)).gap, false)
    const log = logOf([1])
    log.append(handed(2, { epoch: LATER_EPOCH }))
    assert.equal(read(log, id(1)).gap, true)
  })

  it('knows nothing of what came between a restored update and the next one', () => {
    const restored = () => {
      const log = new UpdateLog({ updates: 10, bytes: PLENTY })
      log.restore(handed(5))
      return log
    }
    const log = restored()
    assert.deepEqual(read(log, id(5)), { ids: [], kept: true, gap: false })
    assert.deepEqual(read(log, id(3)), { ids: [id(5)], kept: false, gap: true })
    log.append(handed(6))
    assert.equal(read(log, id(5)).gap, false)
    const other = restored()
    other.append(handed(1, { epoch: LATER_EPOCH }))
    assert.equal(read(other, id(5)).gap, true)
    other.append(handed(2, { epoch: LATER_EPOCH }))
    assert.equal(read(other, id(1, LATER_EPOCH)).gap, false)
  })

  it('keeps an update once, however often it is handed over', () => {
    const log = logOf([1, 2])
    assert.equal(log.append(handed(2)), null)
    assert.equal(log.append(handed(1)), null)
    assert.deepEqual(read(log, null).ids, [id(1), id(2)])
  })

  it('keeps as many bytes as it may, and always the newest update', () => {
    const size = handed(1, { payload: 'x'.repeat(100) }).body.byteLength
    const log = new UpdateLog({ updates: 100, bytes: 2 * size })
    for (let sequence = 1; sequence <= 3; sequence++) {
      const out = log.append(handed(sequence, { payload: 'x'.repeat(100) }))
      assert.deepEqual(out, { byNumber: 0, byBytes: sequence === 3 ? 1 : 0 })
    }
    assert.equal(log.bytes, 2 * size)
    assert.deepEqual(log.append(handed(4, { payload: 'x'.repeat(1000) })), { byNumber: 0, byBytes: 2 })
    assert.deepEqual(read(log, null).ids, [id(4)])
  })

  it('cuts a page at its bytes but never below one update', () => {
    const log = logOf([1, 2, 3])
    const size = log.at(0).body.byteLength
    assert.equal(log.after(null, 100, 2 * size + 2).to, 2)
    assert.equal(log.after(null, 100, 1).to, 1)
  })

  it('does not hold on to a buffer that an update is only a part of', () => {
    const whole = Buffer.alloc(100_000)
    const { body, ...rest } = handed(1)
    whole.set(body)
    const log = new UpdateLog({ updates: 2, bytes: PLENTY })
    log.append({ ...rest, body: whole.subarray(0, body.byteLength) })
    assert.equal(log.at(0).body.buffer.byteLength, body.byteLength)
    assert.deepEqual(Buffer.from(log.at(0).body), body)
  })

  it('agrees with a plain list of everything for any sequence of origins, bounds and cursors', () => {
    const step = fc.record({
      newEpoch: fc.nat(9).map(n => n === 0),
      skip: fc.nat(5).map(n => (n === 0 ? 1 : 0))
    })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        fc.integer({ min: 1, max: 15 }),
        (steps, keep, pick, limit) => {
          const log = new UpdateLog({ updates: keep, bytes: PLENTY })
          const all: { id: string; epoch: string; sequence: number }[] = []
          let epoch = 0
          let sequence = 0
          for (const { newEpoch, skip } of steps) {
            if (newEpoch) {
              epoch++
              sequence = 0
            }
            sequence += 1 + skip
            const update = handed(sequence, { epoch: String(epoch).padStart(15, '0') })
            all.push(update)
            log.append(update)
          }
          const kept = all.slice(-keep)
          const cursor = all[pick % Math.max(1, all.length)]
          const index = kept.findIndex(update => update.id === cursor?.id)
          const expected = kept.slice(index + 1).slice(0, limit)
          const chain = index >= 0 ? [...kept.slice(index, index + 1), ...expected] : expected
          const holes = chain.slice(1).some((update, i) => {
            const before = chain[i]
            return update.epoch === before?.epoch
              ? update.sequence !== before.sequence + 1
              : update.sequence !== 1
          })
          const [oldest] = kept
          const follows = oldest?.epoch === cursor?.epoch && oldest?.sequence === (cursor?.sequence ?? 0) + 1
          assert.deepEqual(read(log, cursor?.id ?? null, limit), {
            ids: expected.map(update => update.id),
            kept: index >= 0,
            gap: cursor !== undefined && (holes || (index < 0 && !follows))
          })
          assert.equal(log.end - log.start, kept.length)
        }
      )
    )
  })
})
