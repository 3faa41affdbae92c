import { CLAIM_IDS } from '../../lib/metrics/claim-examples.js'
import { figures } from '../../lib/metrics/figures.js'
import type { FlagCode } from '../../lib/metrics/report.js'
import { knobs } from '../../panel/model/decision/knobs.js'

const each = (before: string, keys: string, after = ''): readonly string[] =>
  keys.split(' ').map(key => `${before}${key}${after}`)
const forms = (...keys: readonly string[]) => keys.flatMap(key => [`${key}.one`, `${key}.other`])

/** Flags of a report, each with the cases that it tells apart. */
export const flagCases: Readonly<Record<FlagCode, string>> = {
  ALIASING: '',
  TOO_FEW: 'p99 mean p999 theory',
  SCHEDULE_LAG: 'poll workload',
  SATURATED: 'server own',
  CLOCK: 'corrected bounded',
  CLOCK_STEP: '',
  CLOCK_UNKNOWN: 'origin source',
  UNEQUAL: 'tls noTls after before apart',
  ORIGIN_NOT_WIRED: 'blind union foreign id time value sequence',
  NO_GROUND_TRUTH: '',
  EXCHANGES_NOT_WIRED: '',
  COSTS_SHARED: '',
  TRUTH_COARSE: '',
  FOREIGN_IDS: '',
  NO_GENERATION_TIME: '',
  TIME_ZONE_MISSING: '',
  TIME_RESOLUTION: 'seconds minutes days',
  LANE_ENDED: '',
  PAUSED: '',
  SETTINGS_CHANGED: '',
  LANES_DROPPED: '',
  SILENT: ''
}
const flagKinds = Object.entries(flagCases)
  .flatMap(([code, cases]) => cases.split(' ').map(kind => (kind === '' ? code : `${code}.${kind}`)))
  .join(' ')

/**
 * The texts that are asked for by keys put together from parts: what code says, and every key that it can come to. A key that is
 * missing in a catalogue, a new such expression and one that is gone fail test/texts/keys.test.ts.
 */
export const dynamicKeys: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: as the code has it
  'nodes/delivery-fault/delivery-fault.html': {
    "`delivery-fault.button.${answer.running ? 'away' : 'back'}`": each('delivery-fault.button.', 'away back')
  },
  'nodes/delivery-fault/delivery-fault.ts': {
    '`delivery-fault.status.${word}`': each('delivery-fault.status.', 'onDemand away')
  },
  'nodes/delivery-metrics/delivery-metrics.html': {
    "`delivery-metrics.output.${index === 0 ? 'report' : 'answers'}`": each(
      'delivery-metrics.output.',
      'report answers'
    )
  },
  'nodes/delivery-metrics/delivery-metrics.ts': {
    '`delivery-metrics.status.${word}`': each('delivery-metrics.status.', 'noLane noUpdate')
  },
  'nodes/delivery-origin/delivery-origin.ts': {
    '`delivery-origin.status.${word}`': each('delivery-origin.status.', 'waitingBroker waitingFeed noUpdate')
  },
  'nodes/delivery-workload/delivery-workload.html': {
    '`hint.${arrivals}`': each('delivery-workload.hint.', 'poisson periodic bursts'),
    "`delivery-workload.button.${answer.running ? 'started' : 'stopped'}`": each(
      'delivery-workload.button.',
      'started stopped'
    )
  },
  'nodes/delivery-workload/delivery-workload.ts': {
    '`delivery-workload.status.${word}`': each('delivery-workload.status.', 'stopped paused ended')
  },
  'nodes/poll-source/poll-source.html': {
    "`poll-source.output.${index === 0 ? 'updates' : 'exchanges'}`": each(
      'poll-source.output.',
      'updates exchanges'
    )
  },
  'nodes/poll-source/poll-source.ts': {
    '`poll-source.status.${key}`': each(
      'poll-source.status.',
      'waitingFeed polling onDemand paused retryAfter noUpdate'
    )
  },
  'nodes/push-source/push-source.html': {
    "`push-source.output.${index === 0 ? 'updates' : 'exchanges'}`": each(
      'push-source.output.',
      'updates exchanges'
    )
  },
  'nodes/push-source/push-source.ts': {
    '`push-source.status.${key}`': each('push-source.status.', 'waitingBroker connecting noUpdate lost')
  },
  'nodes/shared/editor/buttons.html': {
    '`buttons.${key}`': [],
    "known ?? 'failed'": each('buttons.', 'notDeployed forbidden failed')
  },
  'nodes/shared/editor/checks.html': {
    '`checks.${key}`': [],
    key: each(
      'checks.',
      'number numberAtLeast whole wholeAtLeast oneOf jsonata path choose missing url userInfo'
    ),
    // the labels of validated properties, which keys.test.ts reads from the dialogs
    '`${node.type}.label.${property}`': []
  },
  'nodes/shared/editor/dialogs.html': {
    '`dialogs.${key}`': [],
    '`${node.type}.${key}`': [],
    // what is folded, which keys.test.ts reads from the dialogs
    '`changed.${property}`': [],
    '`unit.${unit}`': each('dialogs.unit.', 'ms s min h d')
  },
  'nodes/shared/editor/servers.html': {
    '`servers.${key}`': [],
    // those of lib/broker and lib/feed: keys.test.ts looks for each of them there
    '`limit.${name}`': each(
      'servers.limit.',
      'acceptFailed bodyBytes clientBufferBytes clientId clientSubscriptions connectTimeoutMs connections credentials ' +
        'descriptors foreignOrigin foreignPublish headerBytes headerMs heldRequests historyBytes keepAlive malformed ' +
        'maxConnectBytes maxConnections maxPacketBytes maxSessions mqtt5 pageBytes protocolError requestMs reservedTopic ' +
        'retainedBytes retainedMessages sendMs sessionBytes sessionExpiryMs sessionMessages sharedSubscription slowClient ' +
        'stallTimeoutMs streams tlsHandshake totalWaitingBytes unacknowledged waitingBytes webSocket'
    )
  },
  'nodes/shared/editor/tries.html': {
    '`tries.${key}`': [],
    "`${key}.${count === 1 ? 'one' : 'many'}`": ['updates', 'redirects', 'headers'].flatMap(key =>
      each(`tries.${key}.`, 'one many')
    ),
    '`label.${label}`': each(
      'tries.label.',
      'asked status type size items updates firstId firstTime failed connack subscription retained port wsPort access'
    ),
    subscription: each('tries.', 'granted refused'),
    '`port.${state}`': each('tries.port.', 'free any own'),
    known: each('tries.', 'forbidden notThere tooLarge'),
    '`hint.${what}`': each('tries.hint.', 'poll broker')
  },
  'panel/editor/node-red-editor.ts': { '`${PACKAGE_NAME}/push-vs-pull:${key}`': [] },
  'panel/model/words/flag-texts.ts': {
    '`flag.${kind}.${part}`': ['message', 'remedy'].flatMap(part => each('flag.', flagKinds, `.${part}`))
  },
  'panel/model/words/headline-clauses.ts': {
    '`headline.${why}`': each('headline.', 'costsShared costsUnknown'),
    '`headline.askedOnly.${asker}.${plural(requests)}`': forms(...each('headline.askedOnly.', 'pull lane')),
    '`headline.asked.${asker}.${plural(requests)}.${plural(updates)}`': forms(
      ...forms(...each('headline.asked.', 'pull lane'))
    ),
    '`${key}.${plural(count)}`': forms(
      ...each('headline.', 'empty unseen'),
      ...each('headline.lost.', 'push pull lane'),
      ...each('headline.failed.', 'push pull lane')
    ),
    '`headline.state.${state}`': each('headline.state.', 'LANE_ENDED PAUSED SILENT')
  },
  'panel/model/words/headline.ts': {
    '`headline.${compared.kind}`': each('headline.', 'unequal inconclusive'),
    "`headline.equal.${early}.${who === 'lane' ? 'lanes' : 'models'}`": ['sure', 'early'].flatMap(early =>
      each(`headline.equal.${early}.`, 'models lanes')
    ),
    "`headline.${kind === 'latency' ? 'sooner' : 'first'}.${early}.${who}`": ['sooner', 'first'].flatMap(
      kind => ['sure', 'early'].flatMap(early => each(`headline.${kind}.${early}.`, 'push pull lane'))
    ),
    '`headline.alone.${plural(delivered)}`': forms('headline.alone'),
    '`headline.progress.${name}`': each('headline.progress.', 'mean p99 precise')
  },
  'panel/view/charts/cost.ts': {
    '`cost.${gap.kind}`': each('cost.', 'no-polls no-update no-answer external platform not-told'),
    '`cost.${name}Title`': each('cost.', 'requests bytes empty open busy cpu', 'Title'),
    '`cost.${name}`': each('cost.', 'requests bytes empty open busy cpu')
  },
  'panel/model/decision/advice-words.ts': {
    '`advice.verdict.${kind}`': each('advice.verdict.', 'push pull either open nothing'),
    '`${group}.${code}`': [
      ...each(
        'advice.reason.',
        'NO_TRAFFIC TOO_FEW_GAPS TOO_SHORT PUSH_NOT_MEASURED TOO_FEW_PUSHED PULL_NOT_MEASURED PUSH_BYTES_UNKNOWN ' +
          'PULL_BYTES_UNKNOWN SPOILED NOTHING_MEETS_TARGET PUSH_MEETS_TARGET PUSH_MISSES_TARGET PUSH_OVER_BUDGET ' +
          'PULL_MEETS_TARGET PULL_TOO_LATE PULL_OVER_BUDGET PUSH_FEWER_BYTES PULL_FEWER_BYTES BYTES_ALIKE ' +
          'PUSH_LESS_CPU PULL_LESS_CPU CPU_ALIKE EMPTY_POLLS PUSH_LOWER_BOUND'
      ),
      ...each(
        'advice.change.',
        'TARGET_LONGER TARGET_SHORTER SHARE_HIGHER SHARE_LOWER RATE_HIGHER RATE_LOWER CLIENTS_MORE CLIENTS_FEWER ' +
          'REQUESTS_BUDGET_HIGHER REQUESTS_BUDGET_LOWER BYTES_BUDGET_HIGHER BYTES_BUDGET_LOWER'
      ),
      ...each(
        'claims.reason.',
        'CLAIM_NO_PAIR CLAIM_TOO_FEW CLAIM_SPOILED CLAIM_COSTS_UNKNOWN CLAIM_IDLE CLAIM_NO_OUTAGE ' +
          'CLAIM_NEEDS_FLEET CLAIM_NO_DEMAND CLAIM_NO_INTERVAL CLAIM_NO_ADVICE PUSH_EARLIER PUSH_LIGHTER PUSH_BUSIER ' +
          'PUSH_BACK_LATER ASKED_ON_DEMAND POLL_WAITS POLLS_EMPTY VERDICT_TURNS VERDICT_STAYS'
      )
    ]
  },
  'panel/view/decision/claims.ts': {
    // a sentence of panel/model
    key: [],
    '`claims.sentence.${id}`': CLAIM_IDS.map(id => `claims.sentence.${id}`),
    '`claims.verdict.${verdict}`': each('claims.verdict.', 'holds does-not-hold not-tested'),
    '`claims.advised.${params[name]}`': each('claims.advised.', 'push pull either not-conclusive')
  },
  'panel/view/decision/frontier.ts': {
    '`frontier.${name}Title`': each('frontier.', 'bytesTitle ageTitle'),
    '`frontier.${name}`': each('frontier.', 'bytes age'),
    '`frontier.axes.${shown.fresh}.${shown.cost}`': ['latency', 'age'].flatMap(fresh =>
      each(`frontier.axes.${fresh}.`, 'requests bytes')
    ),
    '`frontier.cost.${shown.cost}`': each('frontier.cost.', 'requests bytes'),
    '`frontier.fresh.${shown.fresh}`': each('frontier.fresh.', 'latency age')
  },
  'panel/view/decision/slider.ts': {
    '`knob.${name}`': knobs.map(({ name }) => `knob.${name}`),
    '`knob.about.${name}`': knobs.map(({ name }) => `knob.about.${name}`)
  },
  // a sentence of panel/model
  'panel/view/decision/verdict.ts': {
    key: [],
    '`advice.then.${verdict}`': each('advice.then.', 'push pull either not-conclusive')
  },
  'panel/view/words/guide.ts': {
    '`guide.action.${key}`': each('guide.action.', 'import insert reveal start reset'),
    '`guide.wire.${kind}`': each('guide.wire.', 'first origin updates second model'),
    '`guide.${step}`': each(
      'guide.',
      'waiting nothing readOnly placing undeployed disabled stopped unwired silent workload-stopped'
    ),
    '`guide.more.${plural(missing.length)}`': forms('guide.more')
  },
  // a sentence of panel/model
  'panel/view/words/headline.ts': { key: [] },
  'panel/view/layout.ts': {
    '`${name}.title`': each('', 'timeline age latency cost advice claims table', '.title'),
    '`error.${problem.kind}`': each('error.', 'forbidden unreachable failed refused')
  },
  'panel/view/legend.ts': { '`model.${model}`': each('model.', 'push pull') },
  'panel/view/table/head.ts': { '`model.${model}`': each('model.', 'push pull') },
  'panel/view/table/row.ts': {
    '`table.about.${key}`': figures.map(({ key }) => `table.about.${key}`),
    '`table.figure.${key}`': figures.map(({ key }) => `table.figure.${key}`),
    '`table.why.${why}`': each('table.why.', 'push server external yet')
  },
  'panel/view/table/table.ts': {
    '`table.group.${group}`': each('table.group.', 'freshness updates requests bytes connections'),
    '`table.figure.${figure.key}`': figures.map(({ key }) => `table.figure.${key}`)
  },
  'panel/view/timeline/key.ts': {
    '`timeline.key.${sign}`': each(
      'timeline.key.',
      'line updated empty replaced hold pending failed held-back lost catch-up duplicate unknown outage unheard'
    )
  },
  'panel/view/timeline/summary.ts': {
    'count === 1 ? `${key}One` : key': [
      'facts.replaced',
      'facts.lost',
      'facts.polls',
      'facts.empty',
      'facts.failed',
      'figures.replaced',
      'figures.empty'
    ].flatMap(key => [`timeline.${key}`, `timeline.${key}One`])
  },
  'panel/view/timeline/tooltip.ts': {
    '`timeline.fate.pending.${model}`': each('timeline.fate.pending.', 'push pull'),
    '`timeline.fate.${chapter.kind}`': each('timeline.fate.', 'replaced lost before unknown'),
    '`timeline.outcome.${outcome}`': each(
      'timeline.outcome.',
      'empty not-modified throttled skipped error timeout'
    )
  }
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as the code has it
}
