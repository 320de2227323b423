/** Results that are kept beside the tests, asked of the server that the page came from. */

/** The bytes of test/fixtures/NAME. */
export async function fixture(name: string): Promise<Uint8Array> {
  const answer = await fetch(`/fixtures/${name}`)
  if (!answer.ok) throw new Error(`browser: the server has no fixture ${name}`)
  return new Uint8Array(await answer.arrayBuffer())
}
