/** Results that are kept beside the tests. In a browser test/browser/fixture.ts takes the place of this file. */
import { readFile } from 'node:fs/promises'

/** The bytes of test/fixtures/NAME. */
export function fixture(name: string): Promise<Uint8Array> {
  return readFile(new URL(`./fixtures/${name}`, import.meta.url))
}
