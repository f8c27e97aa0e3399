/** The dialog hook, as Lambda runs it for Lex V1: a title that the shop does not have is asked for again. */
const titles = new Set(['harry potter', 'twilight', 'wings of fire'])

exports.handler = (event, _context, callback) => {
  const { name, slots } = event.currentIntent
  const { sessionAttributes } = event
  const title = slots.bookName
  if (title && !titles.has(title.toLowerCase())) {
    callback(null, {
      sessionAttributes,
      dialogAction: {
        type: 'ElicitSlot',
        intentName: name,
        slots,
        slotToElicit: 'bookName',
        message: {
          contentType: 'PlainText',
          content: `We do not have book: ${title}. Which other one, for instance twilight?`,
        },
      },
    })
    return
  }
  callback(null, { sessionAttributes, dialogAction: { type: 'Delegate', slots } })
}
