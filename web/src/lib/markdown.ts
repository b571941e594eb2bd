/**
 * The little Markdown people write in a hurry, as a tree: bold, italic, code, links, lists, quotes and what calls somebody.
 * Everything else stays the text it was. Linear in the text's length: a mark that has no end is looked for once.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'em'; parts: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; text: string }
  /** `<@user id>`, as a picker writes it. */
  | { kind: 'token'; id: string; text: string }

export type Block =
  | { kind: 'lines'; parts: Inline[] }
  | { kind: 'quote'; parts: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: Array<{ number: number; parts: Inline[] }> }

const TOKEN = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/iy
const ADDRESS = /(?:https?:\/\/|mailto:)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/iy
const LINK = /\[([^[\]\n]{1,200})\]\(([^\s()]{1,2000})\)/y
const MARKS = /[*_`[<hHmM]/g
const WORD = /[A-Za-z0-9_]/

/** Only these lead out of the page; anything else is text. */
export function safeAddress(text: string): string | null {
  return /^(https?:\/\/|mailto:)/i.test(text) && URL.canParse(text) ? text : null
}

/** A sentence's own signs at the end of an address are not part of it. */
function trimmed(address: string): string {
  const signs = address.includes('(') ? ".,;:!?'*_" : ".,;:!?'*_)"
  let end = address.length
  while (end > 0 && signs.includes(address[end - 1] ?? ' ')) end -= 1
  return address.slice(0, end)
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Reads one stretch of text. `open` are the marks around it: none is opened twice, so the depth is bounded. */
class Reader {
  private readonly out: Inline[] = []
  private readonly endless = new Set<string>()
  private from = 0

  constructor(
    private readonly text: string,
    private readonly open: string,
  ) {}

  read(): Inline[] {
    let at = 0
    while (at < this.text.length) {
      MARKS.lastIndex = at
      const mark = MARKS.exec(this.text)
      if (!mark) break
      at = this.mark(mark.index) ?? mark.index + 1
    }
    this.flush(this.text.length)
    return this.out
  }

  private flush(to: number): void {
    if (to > this.from) this.out.push({ kind: 'text', text: this.text.slice(this.from, to) })
  }

  /** Take a part that lies from `at` to `end`; answers where to go on. */
  private take(at: number, end: number, part: Inline): number {
    this.flush(at)
    this.out.push(part)
    this.from = end
    return end
  }

  private mark(at: number): number | null {
    switch (this.text[at]) {
      case '<':
        return this.token(at)
      case '[':
        return this.link(at)
      case '`':
        return this.code(at)
      case '*':
      case '_':
        return this.emphasis(at)
      default:
        return this.address(at)
    }
  }

  private token(at: number): number | null {
    const found = matchAt(TOKEN, this.text, at)
    return found?.[1] ? this.take(at, at + found[0].length, { kind: 'token', id: found[1].toLowerCase(), text: found[0] }) : null
  }

  private link(at: number): number | null {
    const found = matchAt(LINK, this.text, at)
    const href = found?.[2] ? safeAddress(found[2]) : null
    return found?.[1] && href ? this.take(at, at + found[0].length, { kind: 'link', href, text: found[1] }) : null
  }

  private address(at: number): number | null {
    if (at > 0 && WORD.test(this.text[at - 1] ?? '')) return null
    const found = matchAt(ADDRESS, this.text, at)
    if (!found) return null
    const text = trimmed(found[0])
    const href = safeAddress(text)
    return href ? this.take(at, at + text.length, { kind: 'link', href, text }) : at + found[0].length
  }

  private code(at: number): number | null {
    const end = this.endOf('`', at + 1, () => true)
    return end === null || end === at + 1 ? null : this.take(at, end + 1, { kind: 'code', text: this.text.slice(at + 1, end) })
  }

  private emphasis(at: number): number | null {
    const sign = this.text[at] ?? ''
    const double = this.text[at + 1] === sign
    if (sign === '_' && double) return at + 2
    const mark = double ? sign + sign : sign
    const start = at + mark.length
    // Inside codes and sums (E_2105_X, 2*3*4) these signs are what they are.
    if (this.open.includes(double ? 'B' : 'I') || WORD.test(this.text[at - 1] ?? '') || /\s|^$/.test(this.text[start] ?? '')) return start
    const end = this.endOf(mark, start + 1, (it) => this.closes(it, mark))
    if (end === null) return start
    const parts = new Reader(this.text.slice(start, end), this.open + (double ? 'B' : 'I')).read()
    return this.take(at, end + mark.length, { kind: double ? 'strong' : 'em', parts })
  }

  private closes(at: number, mark: string): boolean {
    const [before, after] = [this.text[at - 1] ?? '', this.text[at + mark.length] ?? '']
    if (/\s/.test(before)) return false
    if (mark.length === 1 && (before === mark || after === mark)) return false
    return !(mark === '_' ? WORD.test(after) : mark === '*' && /[A-Za-z0-9]/.test(after))
  }

  /** Where a mark ends on its line; one that ends nowhere is not looked for again. */
  private endOf(mark: string, from: number, fits: (at: number) => boolean): number | null {
    if (this.endless.has(mark)) return null
    for (let at = this.text.indexOf(mark, from); at >= 0; at = this.text.indexOf(mark, at + 1)) if (fits(at)) return at
    this.endless.add(mark)
    return null
  }
}

const inline = (text: string) => new Reader(text, '').read()

const ITEM = /^ {0,3}(?:[-*•]|(\d{1,3})[.)]) +(?=\S)/
const FENCE = /^```[\w+-]*$/

type Kind = 'quote' | 'ul' | 'ol' | 'lines'

function kindOf(line: string): Kind {
  if (/^>\s?\S/.test(line)) return 'quote'
  const item = ITEM.exec(line)
  return item ? (item[1] ? 'ol' : 'ul') : 'lines'
}

function blockOf(kind: Kind, lines: readonly string[]): Block {
  if (kind === 'lines') return { kind, parts: inline(lines.join('\n')) }
  if (kind === 'quote') return { kind, parts: inline(lines.map((it) => it.replace(/^>\s?/, '')).join('\n')) }
  const items = lines.map((it, n) => ({ number: Number(ITEM.exec(it)?.[1] ?? n + 1), parts: inline(it.replace(ITEM, '')) }))
  return { kind: 'list', ordered: kind === 'ol', items }
}

/** Where the code that opens at `n` ends; null when it does not. */
function fenceEnd(lines: readonly string[], n: number): number | null {
  if (!FENCE.test((lines[n] ?? '').trim())) return null
  const end = lines.indexOf('```', n + 1)
  return end < 0 ? null : end
}

/** The text as blocks, in order. Pure. */
export function parse(text: string): Block[] {
  const lines = text.split('\n')
  const lastFence = lines.lastIndexOf('```')
  const blocks: Block[] = []
  for (let n = 0; n < lines.length; ) {
    const end = n < lastFence ? fenceEnd(lines, n) : null
    if (end !== null) {
      blocks.push({ kind: 'code', text: lines.slice(n + 1, end).join('\n') })
      n = end + 1
      continue
    }
    const kind = kindOf(lines[n] ?? '')
    const from = n
    do n += 1
    while (n < lines.length && kindOf(lines[n] ?? '') === kind && !(n < lastFence && fenceEnd(lines, n) !== null))
    blocks.push(blockOf(kind, lines.slice(from, n)))
  }
  return blocks
}
