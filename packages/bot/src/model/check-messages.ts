/** Limits of what is said: groups, lengths, cards, placeholders. */
import type {
  CardAttachment,
  ConfirmationModel,
  MessageGroup,
  PromptModel,
  ResponseCard,
  StatementModel,
} from './bot-model.ts'
import { at, type Issues } from './issues.ts'
import { limits } from './limits.ts'

/** @param slots names that `{slot}` placeholders may have */
export function checkPrompt(
  prompt: PromptModel,
  path: string,
  slots: ReadonlySet<string>,
  issues: Issues,
): void {
  checkStatement(prompt, at(path, 'prompt'), slots, issues)
  const { retries, attempts } = prompt
  const here = at(path, 'retries')
  if (!Number.isInteger(retries) || retries < 0 || retries > limits.retries) {
    issues.error(here, `must be a whole number from 0 to ${limits.retries}, got ${retries}`)
  }
  if (attempts.length > limits.retries) {
    issues.error(here, `words ${attempts.length} retries; ${limits.retries} are allowed`)
  }
  attempts.forEach((groups, i) => {
    checkGroups(groups, at(here, i), slots, issues)
  })
}

export function checkConfirmation(
  confirmation: ConfirmationModel,
  path: string,
  slots: ReadonlySet<string>,
  issues: Issues,
): void {
  checkPrompt(confirmation.prompt, path, slots, issues)
  checkStatement(confirmation.rejection, at(path, 'rejection'), slots, issues)
}

export function checkStatement(
  statement: StatementModel,
  path: string,
  slots: ReadonlySet<string>,
  issues: Issues,
): void {
  checkGroups(statement.groups, path, slots, issues)
  if (statement.card) checkCard(statement.card, at(path, 'card'), issues)
}

function checkGroups(
  groups: readonly MessageGroup[],
  path: string,
  slots: ReadonlySet<string>,
  issues: Issues,
): void {
  if (groups.length === 0) issues.error(path, 'says nothing; write at least one text')
  if (groups.length > limits.messageGroups) {
    issues.error(
      path,
      `has ${groups.length} groups of messages; ${limits.messageGroups} are allowed`,
    )
  }
  groups.forEach((group, g) => {
    const here = groups.length === 1 ? path : at(path, g)
    if (group.length > limits.messagesPerGroup) {
      issues.error(here, `has ${group.length} variants; ${limits.messagesPerGroup} are allowed`)
    }
    group.forEach((message, i) => {
      const place = group.length === 1 ? here : at(here, i)
      const { content, contentType, card } = message
      if (content.trim() === '') issues.error(place, 'is empty; write what is said')
      if (content.length > limits.messageLength) {
        issues.error(place, `has ${content.length} characters; ${limits.messageLength} are allowed`)
      }
      if (contentType !== 'CustomPayload') checkPlaceholders(content, place, slots, issues)
      if (card) checkAttachment(card, at(place, 'card'), issues)
    })
  })
}

function checkPlaceholders(
  content: string,
  path: string,
  slots: ReadonlySet<string>,
  issues: Issues,
): void {
  for (const [whole, name = ''] of content.matchAll(/(?<!\\)\{([\w.-]+)\}/g)) {
    if (!slots.has(name)) {
      const known =
        slots.size === 0
          ? 'there are no slots here'
          : `there are ${[...slots].slice(0, 10).join(', ')}`
      issues.error(
        path,
        `${whole} names no slot; ${known}; a brace that is meant as such is written \\{`,
      )
    }
  }
}

function checkCard({ attachments }: ResponseCard, path: string, issues: Issues): void {
  if (attachments.length === 0) issues.error(path, 'has nothing on it')
  if (attachments.length > limits.attachments) {
    issues.error(path, `has ${attachments.length} attachments; ${limits.attachments} are allowed`)
  }
  attachments.forEach((attachment, i) => {
    checkAttachment(attachment, attachments.length === 1 ? path : at(path, i), issues)
  })
}

function checkAttachment(attachment: CardAttachment, path: string, issues: Issues): void {
  const { title, subTitle = '', imageUrl, attachmentLinkUrl, buttons = [] } = attachment
  if (title.trim() === '') issues.error(at(path, 'title'), 'is empty')
  if (title.length > limits.titleLength) {
    issues.error(
      at(path, 'title'),
      `has ${title.length} characters; ${limits.titleLength} are allowed`,
    )
  }
  if (subTitle.length > limits.titleLength) {
    issues.error(
      at(path, 'subTitle'),
      `has ${subTitle.length} characters; ${limits.titleLength} are allowed`,
    )
  }
  for (const [key, url] of Object.entries({ imageUrl, attachmentLinkUrl })) {
    if (url === undefined) continue
    if (url.length > limits.urlLength || !/^https?:\/\/[^\s]+$/.test(url)) {
      issues.error(
        at(path, key),
        `must be an http(s) address of at most ${limits.urlLength} characters`,
      )
    }
  }
  if (buttons.length > limits.buttons) {
    issues.error(
      at(path, 'buttons'),
      `has ${buttons.length} buttons; ${limits.buttons} are allowed`,
    )
  }
  buttons.forEach(({ text, value }, i) => {
    const here = at(at(path, 'buttons'), i)
    if (text.trim() === '' || text.length > limits.buttonTextLength) {
      issues.error(
        here,
        `its text has 1 to ${limits.buttonTextLength} characters, got ${text.length}`,
      )
    }
    if (value === '' || value.length > limits.buttonValueLength) {
      issues.error(
        here,
        `its value has 1 to ${limits.buttonValueLength} characters, got ${value.length}`,
      )
    }
  })
}
