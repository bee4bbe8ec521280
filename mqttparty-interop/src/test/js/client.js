// One MQTT.js client for the interop tests: node client.js publish|subscribe|resume name=value ...
// publish sends each line of its input and ends. The others print what they see until they get SIGTERM, upon which they disconnect.
'use strict'

const mqtt = require('mqtt')

const [role, ...pairs] = process.argv.slice(2)
const options = Object.fromEntries(pairs.map((pair) => {
  const at = pair.indexOf('=')
  return [pair.slice(0, at), pair.slice(at + 1)]
}))
const qos = Number(options.qos)

function say (error) {
  console.log(`error\t${error.message}`)
}

function fail (error) {
  say(error)
  process.exit(1)
}

function connect (more) {
  const client = mqtt.connect({
    protocol: 'mqtt',
    protocolVersion: 4,
    host: '127.0.0.1',
    port: Number(options.port),
    clientId: options.clientId,
    reconnectPeriod: 0,
    resubscribe: false,
    ...more
  })
  // A client that connects again has lost nothing by a reset connection.
  client.on('error', client.options.reconnectPeriod > 0 ? say : fail)
  return client
}

function readLines () {
  const text = require('fs').readFileSync(0, 'utf8')
  return text.split('\n').slice(0, -1)
}

function publish () {
  const payloads = readLines()
  const client = connect({ clean: true })
  let open = payloads.length
  for (const payload of payloads) {
    client.publish(options.topic, payload, { qos, retain: options.retain === 'true' }, (error) => {
      if (error) fail(error)
      if (--open === 0) client.end(() => process.exit(0))
    })
  }
}

function receive () {
  const client = connect({
    clean: options.clean === 'true',
    // A persistent session goes on after a lost connection.
    reconnectPeriod: options.clean === 'true' ? 0 : 100,
    will: options.willTopic && {
      topic: options.willTopic,
      payload: options.willPayload,
      qos: Number(options.willQos),
      retain: options.willRetain === 'true'
    }
  })
  client.on('message', (topic, payload, packet) => {
    console.log(`message\t${topic}\t${packet.qos}\t${packet.retain ? 1 : 0}\t${payload}`)
  })
  client.once('connect', (connack) => {
    console.log(`connected\tsessionPresent=${connack.sessionPresent}`)
    if (role === 'resume') return
    client.subscribe(options.filter, { qos }, (error, granted) => {
      if (error) fail(error)
      console.log(`subscribed\t${granted[0].qos}`)
    })
  })
  process.on('SIGTERM', () => client.end(() => process.exit(0)))
}

if (role === 'publish') publish()
else receive()
