import type { Result } from './result.js'
export function writeReadme(_: Result[]): void {}
