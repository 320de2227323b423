/** What messages call a kernel from outside. */

const unnamed = 'your kernel'

/** The first line of the WGSL, where that is a comment. */
export function titleOf(wgsl: string): string {
  const [, comment = ''] = wgsl.match(/^\s*\/[/*]+ *(.*)/) ?? []
  const title = comment
    .replace(/\*\/.*/, '')
    .trim()
    .replace(/\.$/, '')
  if (!title) return unnamed
  return title.length > 60 ? `${title.slice(0, 59)}…` : title
}

const taken = new Map<string, number>()

/** A name unlike those of the library's kernels, and of all that came before. */
export function uniqueName(name: string): string {
  const full = name === unnamed ? name : `${unnamed} '${name}'`
  const count = (taken.get(full) ?? 0) + 1
  taken.set(full, count)
  return count === 1 ? full : `${full} (${count})`
}
