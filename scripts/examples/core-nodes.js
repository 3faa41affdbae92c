// The properties that Node-RED's core nodes save; ours come from their HTML.
const comment = { info: '' }
const debug = {
  active: false,
  tosidebar: true,
  console: false,
  tostatus: false,
  complete: 'payload',
  targetType: 'msg',
  statusVal: '',
  statusType: 'auto'
}
const inject = {
  props: [{ p: 'payload' }],
  repeat: '',
  crontab: '',
  once: false,
  onceDelay: '0.1',
  topic: '',
  payload: '',
  payloadType: 'date'
}
const functionNode = { func: '', outputs: 1, timeout: '', noerr: 0, initialize: '', finalize: '', libs: [] }
const httpIn = { url: '', method: 'get', upload: false, skipBodyParsing: false, swaggerDoc: '' }
const httpResponse = { statusCode: '', headers: {} }
const mqttOut = {
  topic: '',
  qos: '0',
  retain: 'false',
  respTopic: '',
  contentType: '',
  userProps: '',
  correl: '',
  expiry: '',
  broker: ''
}
const mqttBroker = {
  broker: '',
  port: '1883',
  clientid: '',
  autoConnect: true,
  usetls: false,
  protocolVersion: '4',
  keepalive: '60',
  cleansession: true,
  autoUnsubscribe: true,
  birthTopic: '',
  birthQos: '0',
  birthRetain: 'false',
  birthPayload: '',
  birthMsg: {},
  closeTopic: '',
  closeQos: '0',
  closeRetain: 'false',
  closePayload: '',
  closeMsg: {},
  willTopic: '',
  willQos: '0',
  willRetain: 'false',
  willPayload: '',
  willMsg: {},
  userProps: '',
  sessionExpiry: ''
}

export const coreDefaults = {
  comment,
  debug,
  inject,
  function: functionNode,
  'http in': httpIn,
  'http response': httpResponse,
  'mqtt out': mqttOut,
  'mqtt-broker': mqttBroker
}
/** Types without an input: they have no plug at the left. */
export const withoutInput = ['comment', 'inject', 'http in', 'push-source']
