// Writes src/wire/types.ts from the JSON Schema of the hub's wire, and src/wire/rights.ts from its table of rights.
// `--stdout` prints instead of writing, `--rights` the latter.
// PYTHON names the interpreter; without it the repository's virtual environment is taken.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from 'json-schema-to-typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))
const wire = fileURLToPath(new URL('../src/wire/', import.meta.url))
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

const told = (module) => JSON.parse(execFileSync(python, ['-m', module], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }))

/** The table of rights, a line for each act. */
function tableOf({ rank, rights }) {
  const quoted = (value) => JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', ')
  const row = ([act, right]) => `  ${act}: { ${Object.entries(right).map(([name, value]) => `${name}: ${quoted(value)}`).join(', ')} },`
  return [
    banner,
    "import type { Member, Reader, Room, Snapshot } from './types'",
    '',
    "export type Act = NonNullable<Snapshot['can']>[number]",
    '',
    '/** Who may do one act; what each part means stands in hub/wire/rights.py. */',
    'export interface Right {',
    "  roles: ReadonlyArray<Member['role']>",
    "  when: ReadonlyArray<Room['status']>",
    "  site: Reader['role'] | null",
    '  member: boolean | null',
    '  person: boolean',
    '  archived: boolean',
    '}',
    '',
    `export const RANK: Record<Reader['role'], number> = { ${Object.entries(rank).map(([role, at]) => `${role}: ${at}`).join(', ')} }`,
    '',
    'export const RIGHTS: Record<Act, Right> = {',
    ...Object.entries(rights).map(row),
    '}',
    '',
  ].join('\n')
}

const table = tableOf(told('hub.wire.rights'))
const document = plain(told('hub.wire.schema'))
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
if (process.argv.includes('--stdout')) process.stdout.write(process.argv.includes('--rights') ? table : source)
else {
  writeFileSync(`${wire}types.ts`, source)
  writeFileSync(`${wire}rights.ts`, table)
}
