/** Why a query is answered by the general plan: nothing is wrong, it asks for more than one statement can write. */
export class NotText extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotText'
  }
}
