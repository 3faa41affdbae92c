import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { WriteCoalescer } from '../../../lib/broker/write-coalescer.js'
import { settle } from '../../helpers/fake-clock.js'

function sink() {
  const writes: string[] = []
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      writes.push(String(chunk))
      done()
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    }
  })
  return { stream, writes }
}

/** As mqtt-packet writes one packet. */
function packet(stream: Duplex, ...pieces: string[]) {
  stream.cork()
  process.nextTick(() => stream.uncork())
  for (const piece of pieces) stream.write(piece)
}

describe('the write coalescer', () => {
  it('sends all packets of one turn at once, to each connection', async () => {
    const coalescer = new WriteCoalescer()
    const [one, two] = [sink(), sink()]
    for (const { stream } of [one, two]) coalescer.adopt(stream)
    packet(one.stream, 'a', 'b')
    packet(two.stream, 'x')
    await Promise.resolve()
    packet(one.stream, 'c')
    assert.deepEqual(one.writes, [])
    await settle()
    await settle()
    assert.deepEqual([one.writes, two.writes], [['abc'], ['x']])
    packet(one.stream, 'd')
    await settle()
    await settle()
    assert.deepEqual(one.writes, ['abc', 'd'])
  })

  it('sends what is corked before the end of a connection', async () => {
    const { stream, writes } = sink()
    new WriteCoalescer().adopt(stream)
    packet(stream, 'a')
    stream.end('b')
    await new Promise(resolve => stream.once('finish', resolve))
    assert.equal(writes.join(''), 'ab')
  })

  it('counts as waiting only what had the chance to go', async () => {
    const coalescer = new WriteCoalescer()
    const stuck = new Duplex({ read() {}, write() {} })
    coalescer.adopt(stuck)
    packet(stuck, 'x'.repeat(1000))
    assert.equal(coalescer.waiting(stuck), 0)
    await settle()
    await settle()
    assert.equal(coalescer.waiting(stuck), 1000)
    packet(stuck, 'x'.repeat(500))
    assert.equal(coalescer.waiting(stuck), 1000)
    await settle()
    await settle()
    assert.equal(coalescer.waiting(stuck), 1500)
  })
})
