import { compareGuess, type Guess, guessedLane, readGuess, winnerOf } from '../../model/lesson/guess.js'
import { element, setChildren, setText } from '../elements.js'
import type { Shown, ViewContext } from '../view.js'

const SIGNS = { guess: '◆', theory: '△', measured: '●' } as const
const KINDS = ['guess', 'theory', 'measured'] as const

/** Asks for a guess while the results are hidden, then shows guess, theory and measurement together. */
export function openPredict({ text, numbers }: ViewContext, revealed: () => void) {
  const input = (name: string) =>
    element('input', { type: 'text', inputmode: 'decimal', class: name, autocomplete: 'off' })
  const latency = input('latency')
  const empty = input('empty')
  const winner = element(
    'select',
    { class: 'winner' },
    element('option', { value: '' }, text('lesson.choose')),
    element('option', { value: 'push' }, text('lesson.push')),
    element('option', { value: 'pull' }, text('lesson.pull')),
    element('option', { value: 'equal' }, text('lesson.equal'))
  )
  const who = element('p', { class: 'who' })
  const said = element('p', { class: 'said', role: 'status' })
  const form = element(
    'form',
    { class: 'guess', onsubmit: event => submit(event) },
    who,
    element('label', {}, text('lesson.askLatency'), latency, 's'),
    element('label', {}, text('lesson.askEmpty'), empty, '%'),
    element('label', {}, text('lesson.askWinner'), winner),
    element('button', { type: 'submit', class: 'reveal' }, text('lesson.reveal')),
    said
  )
  const answer = element('div', { class: 'guessed', hidden: true })
  const winners = { push: text('lesson.push'), pull: text('lesson.pull'), equal: text('lesson.equal') }
  const kinds = {
    guess: text('lesson.guess'),
    theory: text('lesson.theory'),
    measured: text('lesson.measured')
  }
  const titles = { latency: text('lesson.latency'), empty: text('lesson.empty') }
  let guess: Guess | null = null
  let last: Shown | null = null
  let drawn = ''

  function submit(event: Event): void {
    event.preventDefault()
    guess = readGuess(latency.value, empty.value, winner.value)
    setText(said, guess === null ? text('lesson.incomplete') : '')
    if (guess === null) return
    form.hidden = true
    answer.hidden = false
    revealed()
    if (last !== null) show(last)
  }

  function show(shown: Shown): void {
    last = shown
    const reports = shown.allLanes.map(({ report }) => report)
    const lane = guessedLane(reports)
    setText(who, lane === null ? text('lesson.noLane') : text('lesson.about', { name: lane.name }))
    if (guess === null || lane === null) return
    const truth = winnerOf(reports)
    const rows = compareGuess(guess, lane).map(({ key, unit, places, ...values }) => {
      const told = KINDS.map(kind => {
        const value = values[kind]
        const figure =
          value === null
            ? text('lesson.unknown')
            : unit === 'ms'
              ? numbers.duration(value)
              : numbers.share(value)
        return { kind, figure, place: places[kind] }
      })
      return { key, told }
    })
    const sooner = `${winners[guess.winner]} / ${truth === null ? text('lesson.unknown') : winners[truth]}`
    const next = JSON.stringify([lane.name, rows, sooner])
    if (next === drawn) return
    drawn = next
    setChildren(
      answer,
      element('p', {}, text('lesson.about', { name: lane.name })),
      ...rows.flatMap(({ key, told }) => [
        element('strong', {}, titles[key]),
        element('div', { class: 'line', 'aria-hidden': 'true' }, ...told.map(placed)),
        element(
          'dl',
          { class: key },
          ...told.map(({ kind, figure }) =>
            element(
              'div',
              { class: kind },
              element('dt', {}, `${SIGNS[kind]} ${kinds[kind]}`),
              element('dd', {}, figure)
            )
          )
        )
      ]),
      element('p', { class: 'sooner' }, text('lesson.sooner', { figures: sooner }))
    )
  }

  return { element: element('div', {}, form, answer), focus: () => latency.focus(), show }
}

function placed({ kind, place }: { kind: keyof typeof SIGNS; place: number | null }): HTMLElement | null {
  if (place === null) return null
  const sign = element('span', { class: `place ${kind}`, 'data-place': place.toFixed(3) }, SIGNS[kind])
  sign.style.left = `${place * 100}%`
  return sign
}
