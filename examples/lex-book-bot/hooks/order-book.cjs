/** The fulfilment hook: everything is known and confirmed, so the book is sold. */
exports.handler = async (event) => ({
  sessionAttributes: event.sessionAttributes,
  dialogAction: {
    type: 'Close',
    fulfillmentState: 'Fulfilled',
    message: { contentType: 'PlainText', content: 'Thanks for purchasing book.' },
  },
})
