/**
 * Scopes: the tensors made inside a scope end with it, unless they are kept or returned. Scopes
 * nest. One may stay open across awaits (an iteration of a loader's loop), so they form a list.
 */

/** A thing that ends with its scope. */
export interface Owned {
  scope: Scope | null
  end(): void
  /** Called when no scope owns it any more: from now on it lives as long as it is reachable. */
  unowned(): void
}

export class Scope {
  readonly owned = new Set<Owned>()

  /** Hands things of this scope to the surrounding one. */
  handOver(things: readonly Owned[]): void {
    const outer = open[open.lastIndexOf(this) - 1] ?? null
    for (const thing of things) if (thing.scope === this) adopt(thing, outer)
  }

  /** Ends the scope and all things in it. Closing it again does no harm. */
  close(): void {
    const at = open.lastIndexOf(this)
    if (at < 0) return
    open.splice(at, 1)
    for (const thing of this.owned) {
      thing.scope = null
      thing.end()
    }
    this.owned.clear()
  }
}

const open: Scope[] = []

/** Opens a scope that owns all that is made until its `close()`. Prefer `scope(fn)`. */
export function openScope(): Scope {
  const scope = new Scope()
  open.push(scope)
  return scope
}

/** Makes a scope the owner of a thing, by default the innermost one; null: no scope. */
export function adopt(thing: Owned, scope: Scope | null = open.at(-1) ?? null): void {
  thing.scope?.owned.delete(thing)
  thing.scope = scope
  if (scope) scope.owned.add(thing)
  else thing.unowned()
}
