/** What a scene is to the page. */

export interface SceneContext {
  /** Where it draws; it begins empty. */
  readonly host: HTMLElement
  /** Its state in the address, as the reader came. */
  readonly params: URLSearchParams
  /** Aborted when the reader leaves: end loops and workers then, and give tensors back. */
  readonly signal: AbortSignal
}

/** Draws the scene into its host. The engine is ready: see engine.ts. */
export type Mount = (context: SceneContext) => void | Promise<void>

/** One line of the table of scenes. */
export interface Scene {
  /** In the address, and the name of its folder. */
  readonly path: string
  readonly title: string
  /** What the reader will see and do, in one or two sentences. */
  readonly about: string
  /** Loaded when the scene is opened, so that the first page is small. */
  load(): Promise<{ mount: Mount }>
}
