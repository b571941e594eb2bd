// Writes src/wire/types.ts from the JSON Schema of the hub's wire. `--stdout` prints instead of writing.
// PYTHON names the interpreter; without it the repository's virtual environment is taken.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from 'json-schema-to-typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))
const target = fileURLToPath(new URL('../src/wire/types.ts', import.meta.url))
const python = process.env.PYTHON ?? `${root}.venv/bin/python`
const banner = '/* Generated from hub/wire by `npm run types`. Edit the Python structs, then run it again. */\n/* oxlint-disable */'

/** Objects without named members are maps of anything, lists have any length; descriptions keep one line. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain)
  if (schema === null || typeof schema !== 'object') return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, plain(part)]))
  if (copy.type === 'object' && !copy.properties && copy.additionalProperties === undefined) copy.additionalProperties = true
  if (typeof copy.description === 'string') copy.description = copy.description.replace(/\s+/g, ' ')
  delete copy.discriminator
  delete copy.minItems // else every length becomes a tuple of its own
  delete copy.maxItems
  return copy
}

const printed = execFileSync(python, ['-m', 'hub.wire.schema'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
const document = plain(JSON.parse(printed))
const everything = {
  ...document,
  type: 'object',
  properties: Object.fromEntries(Object.keys(document.$defs).map((name) => [name, { $ref: `#/$defs/${name}` }])),
}
const source = await compile(everything, 'Wire', {
  additionalProperties: false,
  bannerComment: banner,
  format: true,
  style: { semi: false, singleQuote: true, printWidth: 120 },
})
if (process.argv.includes('--stdout')) process.stdout.write(source)
else writeFileSync(target, source)
