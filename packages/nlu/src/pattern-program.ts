/**
 * Compiles a regular expression to the instructions of a Thompson automaton, recursive descent over its grammar. What would need
 * backtracking is refused, and so is a program past a fixed size.
 */
import { NluError } from './nlu-error.ts'

export type Instruction =
  | { readonly op: 'char'; readonly test: (character: string) => boolean }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'assert'; readonly test: (text: string, at: number) => boolean }
  | { readonly op: 'match' }

/** Instructions of one expression, at most: `{m,n}` is written out. */
const maxInstructions = 2000
/** @throws {NluError} bad_pattern, saying which part is not accepted */
export function parsePattern(source: string): Instruction[] {
  return new Parser(source).program()
}

class Parser {
  readonly #source: string
  #at = 0
  #code: Instruction[] = []

  constructor(source: string) {
    this.#source = source
  }

  program(): Instruction[] {
    this.#alternatives()
    if (this.#at < this.#source.length) this.#refuse(`unexpected "${this.#source[this.#at]}"`)
    this.#emit({ op: 'match' })
    return this.#code
  }

  #alternatives(): void {
    const start = this.#code.length
    this.#sequence()
    const ends: { op: 'jump'; to: number }[] = []
    while (this.#source[this.#at] === '|') {
      this.#at++
      this.#insert(start, { op: 'split', first: start + 1, second: this.#code.length + 2 })
      // Jumps of earlier alternatives are objects in the code; shifting moved their targets already.
      const jump = { op: 'jump' as const, to: 0 }
      ends.push(jump)
      this.#emit(jump)
      this.#sequence()
    }
    for (const jump of ends) jump.to = this.#code.length
  }

  #sequence(): void {
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string))
      this.#quantified()
  }

  #quantified(): void {
    const start = this.#code.length
    this.#atom()
    const [least, most] = this.#quantifier()
    if (least === 1 && most === 1) return
    const lazy = this.#source[this.#at] === '?'
    if (lazy) this.#at++
    const atom = this.#code.splice(start)
    for (let i = 0; i < least; i++) this.#copy(atom, start)
    if (most === Infinity) {
      const split = this.#split()
      this.#copy(atom, start)
      this.#emit({ op: 'jump', to: this.#code.indexOf(split) })
      this.#branch(split, lazy)
      return
    }
    const splits: Extract<Instruction, { op: 'split' }>[] = []
    for (let i = least; i < most; i++) {
      splits.push(this.#split())
      this.#copy(atom, start)
    }
    for (const split of splits) this.#branch(split, lazy)
  }

  #split(): Extract<Instruction, { op: 'split' }> {
    const split = { op: 'split' as const, first: 0, second: 0 }
    this.#emit(split)
    return split
  }

  /** Of a split just before a repeated part: into it, or past all that has been written. */
  #branch(split: Extract<Instruction, { op: 'split' }>, lazy: boolean): void {
    const into = this.#code.indexOf(split) + 1
    const past = this.#code.length
    split.first = lazy ? past : into
    split.second = lazy ? into : past
  }

  #quantifier(): [number, number] {
    const rest = this.#source.slice(this.#at)
    const [whole, braces] = /^(?:[*+?]|\{(\d+(?:,\d*)?)\})/.exec(rest) ?? []
    if (whole === undefined) return [1, 1]
    this.#at += whole.length
    if (whole === '*') return [0, Infinity]
    if (whole === '+') return [1, Infinity]
    if (whole === '?') return [0, 1]
    const [least = '0', most] = (braces as string).split(',')
    const range: [number, number] = [
      Number(least),
      most === undefined ? Number(least) : most === '' ? Infinity : Number(most),
    ]
    if (range[0] > maxInstructions || (range[1] !== Infinity && range[1] > maxInstructions))
      this.#refuse(`${whole} repeats too often`)
    return range
  }

  #atom(): void {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) as number)
    if (character === '(') {
      this.#group()
      return
    }
    if (character === '[') {
      this.#class()
      return
    }
    this.#at += character.length
    if (character === '\\') this.#escape()
    else if (character === '.') this.#emit({ op: 'char', test: (c) => c !== '\n' })
    else if (character === '^') this.#emit({ op: 'assert', test: (_, at) => at === 0 })
    else if (character === '$') this.#emit({ op: 'assert', test: (text, at) => at === text.length })
    else if ('*+?'.includes(character)) this.#refuse(`nothing to repeat before ${character}`)
    else {
      const lower = character.toLowerCase()
      this.#emit({ op: 'char', test: (c) => c.toLowerCase() === lower })
    }
  }

  #group(): void {
    const [open = '('] =
      /^\((?:\?(?::|<[A-Za-z_$][\w$]*>|[=!]|<[=!]))?/.exec(this.#source.slice(this.#at)) ?? []
    if (/^\(\?<?[=!]$/.test(open))
      this.#refuse('look-around needs backtracking; rewrite it without')
    this.#at += open.length
    this.#alternatives()
    this.#at++
  }

  #class(): void {
    const [whole] = /^\[(?:\\.|[^\]\\])*\]/s.exec(this.#source.slice(this.#at)) ?? []
    if (whole === undefined) this.#refuse('a class is not closed')
    this.#at += whole.length
    this.#charTest(whole)
  }

  #escape(): void {
    const rest = this.#source.slice(this.#at)
    const [name = ''] =
      /^(?:[pP]\{[^}]*\}|u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|.)/isu.exec(rest) ?? []
    this.#at += name.length
    if (/^[1-9k]/.test(name)) this.#refuse('back references need backtracking; rewrite it without')
    if (name === 'b' || name === 'B') {
      const wanted = name === 'b'
      this.#emit({
        op: 'assert',
        test: (text, at) => (isWord(text, at - 1) !== isWord(text, at)) === wanted,
      })
    } else this.#charTest(`\\${name}`)
  }

  #charTest(source: string): void {
    let test: RegExp
    try {
      test = new RegExp(`^${source}$`, 'iu')
    } catch {
      test = new RegExp(`^${source}$`, 'i')
    }
    const known = new Map<string, boolean>()
    this.#emit({
      op: 'char',
      test: (character) => {
        let answer = known.get(character)
        if (answer === undefined) {
          answer = test.test(character)
          if (known.size < 4096) known.set(character, answer)
        }
        return answer
      },
    })
  }

  #emit(instruction: Instruction): void {
    if (this.#code.length >= maxInstructions)
      this.#refuse('it is too large; use smaller repetitions')
    this.#code.push(instruction)
  }

  #insert(at: number, instruction: Instruction): void {
    shift(this.#code, at, 1)
    this.#code.splice(at, 0, instruction)
  }

  /** Appends a part that was compiled at `from`. */
  #copy(part: readonly Instruction[], from: number): void {
    const by = this.#code.length - from
    for (const instruction of part) {
      const copy = { ...instruction }
      if (copy.op === 'split') {
        copy.first += by
        copy.second += by
      } else if (copy.op === 'jump') copy.to += by
      this.#emit(copy)
    }
  }

  #refuse(why: string): never {
    throw new NluError('bad_pattern', `expression ${this.#source}: ${why}`)
  }
}

function shift(code: readonly Instruction[], from: number, by: number): void {
  for (const instruction of code.slice(from)) {
    if (instruction.op === 'split') {
      instruction.first += instruction.first >= from ? by : 0
      instruction.second += instruction.second >= from ? by : 0
    } else if (instruction.op === 'jump') instruction.to += instruction.to >= from ? by : 0
  }
}

function isWord(text: string, at: number): boolean {
  const character = text[at]
  return character !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(character)
}
