// The bot: CommonJS, as programs for Botkit are. Ears that hear intents, two things that it knows to do, and a conversation.
const { rasa, slackbot } = require('@typestead/bot/botkit')

const nlu = rasa({ rasa_uri: process.env.RASA_URI || 'http://localhost:5000' })

const controller = slackbot({
  clientId: process.env.clientId,
  clientSecret: process.env.clientSecret,
  scopes: ['bot'],
  json_file_store: process.env.BOT_STORE || `${__dirname}/.db/`,
})

controller.middleware.receive.use(nlu.receive)
controller.changeEars((patterns, message) => nlu.hears(patterns, message))

const toTheBot = 'direct_message,direct_mention,mention'

controller.hears(['greet'], toTheBot, (bot, message) =>
  bot.reply(message, 'Hello! What is broken?'),
)

controller.hears(['device_failure'], toTheBot, (bot, message) => {
  const device = message.entities.find(({ entity }) => entity === 'device')?.value ?? 'device'
  bot.startConversation(message, (_error, conversation) => {
    conversation.setVar('device', device)
    conversation.ask('Have you charged your {{vars.device}} for an hour?', [
      {
        pattern: bot.utterances.yes,
        callback: (_answer, it) => {
          it.say('Then we repair it. Please bring your {{vars.device}} to the desk.')
          it.next()
        },
      },
      {
        pattern: bot.utterances.no,
        callback: (_answer, it) => {
          it.say('Charge it first, and write again if it stays dark.')
          it.next()
        },
      },
      { default: true, callback: (_answer, it) => it.repeat() },
    ])
  })
})

controller.hears(['service_interruption'], toTheBot, (bot, message) =>
  bot.reply(message, 'Our technicians know of it and are at work.'),
)

controller.on('degraded', (_bot, _message, reason) => console.error(`degraded: ${reason}`))

controller.setupWebserver(process.env.PORT || 3000, (error, webserver) => {
  if (error) throw error
  controller.createWebhookEndpoints(webserver)
})

module.exports = controller
