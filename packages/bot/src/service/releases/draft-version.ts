/** The name of a bot's draft where a version's number stands else. */
export const draftVersion = '$LATEST'
