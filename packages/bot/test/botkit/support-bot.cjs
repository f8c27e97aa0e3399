'use strict'
// A support bot as users of Botkit write it: CommonJS, and nothing but the controller. Its port is printed for the test.
const { slackbot, rasa } = require('@typestead/bot/botkit')

const nlu = rasa({ rasa_uri: process.env.RASA_URI })
const controller = slackbot({
  clientId: process.env.clientId,
  clientSecret: process.env.clientSecret,
  scopes: ['bot'],
  json_file_store: process.env.STORE,
})

controller.middleware.receive.use(nlu.receive)
controller.changeEars((patterns, message) => nlu.hears(patterns, message))

controller.hears(['device_failure'], 'direct_message,direct_mention,mention', (bot, message) => {
  const found = message.entities.find(({ entity }) => entity === 'device')
  bot.reply(message, `Have you tried turning your ${found ? found.value : 'device'} off and on?`)
})
controller.on('degraded', (_bot, _message, reason) => console.log(`degraded: ${reason}`))

controller.setupWebserver(process.env.PORT || 0, (error, webserver) => {
  if (error) throw error
  controller.createWebhookEndpoints(webserver)
  console.log(`port ${controller.port}`)
})
