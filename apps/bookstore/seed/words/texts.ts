/** Sentences of descriptions, reviews and posts. Words in braces are filled in. */
import type { Genre } from './titles.ts'

export const openings: Readonly<Record<Genre, readonly string[]>> = {
  fantasy: [
    'When {person} inherits a house that is on no map, an old oath wakes.',
    'In {place} nobody has used magic for a hundred years, and {person} would like to keep it so.',
    'A kingdom without a queen, a road without an end, and {person} with nothing but a borrowed name.',
  ],
  romance: [
    '{person} came to {place} for a week and missed the train back.',
    'Two letters, one address, and eleven years between them.',
    '{person} has sworn off love; {place} has other plans.',
  ],
  crime: [
    'The body in the reading room of {place} had a return ticket in its pocket.',
    'Inspector {person} has three witnesses and four versions of the night.',
    'Everyone in {place} knows who did it. Nobody says so.',
  ],
  'science fiction': [
    'The signal came from {place}, which has been empty for sixty years.',
    '{person} wakes aboard a ship whose crew remembers another captain.',
    'On the last working station in orbit, {person} is asked to count the living.',
  ],
  history: [
    'For three centuries the road through {place} carried salt, silk and rumours.',
    'From the archives of {place} comes a story that the great histories left out.',
    'How a harbour, a debt and a misread map changed the north for good.',
  ],
  biography: [
    'Born in {place} above a bakery, {person} was expected to stay there.',
    'Drawn from letters that were thought lost, this is the life behind the name.',
    '“I did not set out to be an example,” says the author, who became one.',
  ],
  poetry: [
    'Sixty poems about weather, work and those who left {place}.',
    'A first collection in years, spare and exact.',
    'Poems that ask little and stay long.',
  ],
  children: [
    '{person} has one shoe, two questions and a very good friend.',
    'It rains in {place}, and somebody small is missing.',
    'A story to read aloud, with a noise on every page.',
  ],
  science: [
    'What we thought we knew about the smallest things, and why it was wrong.',
    'A laboratory in {place}, a failed experiment, and the idea that came of it.',
    'With plain words and no equations, a tour of a question that is still open.',
  ],
  travel: [
    'With a rucksack, a wrong map and no hurry, from {place} to the sea.',
    'A journey by slow trains among people who have time.',
    '{person} set out to walk for a week and came home in spring.',
  ],
}

export const middles = [
  'What begins as a small favour turns into a choice that cannot be taken back.',
  'The chapters are short, the sentences shorter, and every one of them earns its place.',
  'With maps, a list of persons and an afterword by the author.',
  'It is a book about patience, and about what we owe those who waited.',
  'Between the lines stands a second story, and attentive readers will find it first.',
  'The author takes us by the hand and lets go at exactly the right moment.',
  'Funny where it can be, serious where it must be.',
  'Ten years of work went into these pages, and it does not show.',
] as const

export const closings = [
  'A book to give away and buy again.',
  'Longlisted for three prizes.',
  'For readers from twelve years on, and for those who read to them.',
  'With a new foreword for this edition.',
  'The first of a planned trilogy.',
  'Translated into nineteen languages.',
] as const

/** By rating, from 1. */
export const reviewTitles: readonly (readonly string[])[] = [
  ['Not for me', 'I gave up', 'A great disappointment', 'Who edited this?'],
  ['Expected more', 'Starts well, then does not', 'Too long by half', 'Rather thin'],
  ['Decent', 'Good in parts', 'Fine for a train ride', 'Neither here nor there'],
  ['Very good', 'Gladly recommended', 'Well told', 'A pleasure, with small flaws'],
  [
    'Wonderful',
    'Read it in one night',
    'My book of the year',
    'Could not put it down',
    'A treasure',
  ],
]

export const reviewBodies: readonly (readonly string[])[] = [
  [
    'I stopped at page {number} and have no wish to know how it ends.',
    'The characters talk like a manual. My copy goes to the flea market.',
    'After {number} pages still nothing had happened.',
  ],
  [
    'The idea is good, but the second half reads as if someone was in a hurry.',
    'I liked the first {number} pages. It should have ended there.',
    'Not bad, but I had forgotten it the week after.',
  ],
  [
    'Solid work without surprises. The print is rather small.',
    'Some chapters shine, others drag. I do not regret the {number} pages.',
    'My sister loved it, I did not. We talked about it for an evening, so there is that.',
  ],
  [
    'Clever, warm and better than its cover. The ending came a little fast.',
    'I will read more by this author. The part around page {number} is superb.',
    'Well built and well written. One star less for the many names.',
  ],
  [
    'I have given away {number} copies so far. Read it.',
    'I laughed, I cried, I missed my stop. What more does one want?',
    'Every sentence is in its place. I began again as soon as I had finished.',
    'Arrived quickly and well packed, and the book itself is marvellous.',
  ],
]

export const postTitles = [
  '{number} {genre} books for a long weekend',
  'Why I reread “{title}” every year',
  'Where to begin with {author}',
  'Our bookshop cat recommends {genre}',
  'What the translators of {author} taught me',
  'In praise of slow reading',
  'Notes from the reading group in {place}',
  'How we choose the window display',
  'Five questions about “{title}”',
  'The best {genre} of the season',
  'On lending books, and getting them back',
  'A walk through the bookshops of {place}',
] as const

export const postSentences = [
  'Last week a customer asked me for {genre} that does not end badly, and I had to think for a while.',
  'I first read “{title}” on a night train to {place}, with a torch between my teeth.',
  'There is a moment in every book where one decides to stay, and here it comes on page {number}.',
  '{author} is often called difficult. I think that is unfair.',
  'Our reading group was divided, as it always is: {number} of us loved it.',
  'If you have only one evening, read the third chapter.',
  'The new edition has better paper and a cover that one need not hide.',
  'We have put {number} copies on the table by the door, and they will not stay long.',
  'As always, tell us what we have forgotten.',
  'I do not believe in lists of the best, but I do believe in tables full of books.',
  'Next month we meet in {place}; bring something that you would not lend to anyone.',
  'It is {genre}, and then again it is not, which is why I like it.',
] as const
