// Read the tables with hyparquet and compare every value.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const directory = process.argv[2]
const tables = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'))

function text(type, value) {
  if (value === null || value === undefined) return null
  if (type === 'timestamp') return String(BigInt(value.getTime()) * 1000n) // a Date: whole milliseconds
  if (type !== 'float64') return String(value)
  if (Number.isNaN(value)) return 'nan'
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  return bits.getBigUint64(0).toString(16).padStart(16, '0')
}

const same = (type, got, want) => got === want ||
  type === 'timestamp' && got !== null && want !== null && BigInt(got) === BigInt(want) / 1000n * 1000n

let count = 0
for (const [name, columns] of Object.entries(tables)) {
  const file = await asyncBufferFromFile(join(directory, name))
  const metadata = await parquetMetadataAsync(file)
  const names = parquetSchema(metadata).children.map(c => c.element.name)
  if (names.join() !== columns.map(c => c.name).join()) throw new Error(`${name}: columns ${names}`)
  const rows = await parquetReadObjects({ file, metadata, compressors })
  for (const { name: column, type, values } of columns) {
    if (rows.length !== values.length) throw new Error(`${name}: ${rows.length} rows, not ${values.length}`)
    rows.forEach((row, i) => {
      const got = text(type, row[column])
      if (!same(type, got, values[i])) throw new Error(`${name}, column ${column}, row ${i}: ${got} is not ${values[i]}`)
      count++
    })
  }
}
console.log(`hyparquet: ${count} values agree`)
