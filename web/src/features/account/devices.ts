/** A device in words people use (`Chrome · Windows`), read from what its browser says of itself. */
export function deviceOf(userAgent: string): string {
  const first = (words: ReadonlyArray<readonly [RegExp, string]>) => words.find(([pattern]) => pattern.test(userAgent))?.[1] ?? ''
  const browser = first([
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
    [/python|httpx/i, 'Python'],
  ])
  const system = first([
    [/iPhone|iPad/, 'iOS'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  return [browser || userAgent.slice(0, 40), system].filter(Boolean).join(' · ')
}
