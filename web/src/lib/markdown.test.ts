import { describe, expect, it } from 'vitest'
import { type Block, type Inline, parse, safeAddress } from './markdown'

/** A tree as a short text: `b[…]` bold, `i[…]` italic, `c[…]` code, `a[…]` link, `@[…]` token. */
function short(parts: readonly Inline[]): string {
  return parts
    .map((it) => {
      if (it.kind === 'text') return it.text
      if (it.kind === 'code') return `c[${it.text}]`
      if (it.kind === 'link') return it.text === it.href ? `a[${it.href}]` : `a[${it.text}|${it.href}]`
      if (it.kind === 'token') return `@[${it.id.slice(0, 4)}]`
      return `${it.kind === 'strong' ? 'b' : 'i'}[${short(it.parts)}]`
    })
    .join('')
}

function drawn(block: Block): string {
  if (block.kind === 'code') return `pre[${block.text}]`
  if (block.kind === 'list') return block.items.map((it) => `${block.ordered ? it.number : '•'} ${short(it.parts)}`).join(' / ')
  return (block.kind === 'quote' ? '> ' : '') + short(block.parts)
}

const show = (text: string) => parse(text).map(drawn).join(' ¶ ')

describe('inside a line', () => {
  it.each([
    ['重要**注意**喔', '重要b[注意]喔'],
    ['*先* 停 _再_ 開', 'i[先] 停 i[再] 開'],
    ['**先 *看* 再開**', 'b[先 i[看] 再開]'],
    ['按 `E-2105 **x**` 重置', '按 c[E-2105 **x**] 重置'],
    ['**a** 和 **b**', 'b[a] 和 b[b]'],
    ['看[手冊](https://docs.plant/a?b=1)第 3 頁', '看a[手冊|https://docs.plant/a?b=1]第 3 頁'],
    ['見 https://docs.plant/a(1)。好', '見 a[https://docs.plant/a(1)]。好'],
    ['(https://docs.plant/a), 好', '(a[https://docs.plant/a]), 好'],
    ['寫給 mailto:it@plant.tw', '寫給 a[mailto:it@plant.tw]'],
    ['請<@0199A7C0-0000-7000-8000-0000000000aa>看', '請@[0199]看'],
  ])('%s', (text, tree) => expect(show(text)).toBe(tree))
})

describe('what is none stays the text it was', () => {
  it.each([
    'E_2105_X 和 a_b_c',
    '2*3*4 = 24',
    '5 * 3 * 2',
    '**沒有結尾',
    '`也沒有',
    '``',
    '****',
    '__init__',
    '[點我](javascript:alert(1))',
    '[點我](data:text/html,x)',
    'javascript:alert(1)',
    'xhttps://no.where',
    '<b>不是標籤</b> &amp;',
    '# 不是標題',
    '| a | b |',
    '<@不是識別碼>',
    '-5 度',
    '3.5 bar',
    '```',
    '```\n沒有結尾',
  ])('%s', (text) => expect(show(text)).toBe(text))
})

describe('blocks', () => {
  it('lists, quotes and code between lines', () => {
    expect(show('先看：\n- 風扇\n- SSR\n再看\n3. 電源\n4. 開關\n> 昨天說的\n好')).toBe('先看： ¶ • 風扇 / • SSR ¶ 再看 ¶ 3 電源 / 4 開關 ¶ > 昨天說的 ¶ 好')
    expect(show('看\n```\n**a**\n- b\n```\n好')).toBe('看 ¶ pre[**a**\n- b] ¶ 好')
  })

  it('empty lines stay in their paragraph', () => expect(parse('a\n\nb')).toEqual([{ kind: 'lines', parts: [{ kind: 'text', text: 'a\n\nb' }] }]))
})

it('leads only to the web and to mail', () => {
  expect(['http://a.b', 'HTTPS://a.b', 'mailto:a@b'].map(safeAddress)).not.toContain(null)
  const bad = ['javascript:alert(1)', 'java\nscript:alert(1)', ' https://a.b', 'data:text/html,x', 'vbscript:x', '//a.b', '/a', 'https://', 'file:///etc/passwd', 'blob:https://a.b/1']
  expect(bad.map(safeAddress)).toEqual(bad.map(() => null))
})

/** Twenty times the text may take about twenty times as long, not four hundred. */
it.each(['**a ', '*a ', '_a ', '`', '[', '[a](', '<@', 'https://', '**a *b ', '> ', '- ', '```\n', '*a* ', '**', 'https://a)...)', '```js\n'])('is linear for %j', (piece) => {
  const time = (times: number) => {
    const text = piece.repeat(times)
    const runs = [0, 1, 2, 3, 4].map(() => {
      const start = performance.now()
      parse(text)
      return performance.now() - start
    })
    return Math.min(...runs)
  }
  time(1000)
  expect(time(40_000)).toBeLessThan(Math.max(80, 150 * time(2000)))
})
