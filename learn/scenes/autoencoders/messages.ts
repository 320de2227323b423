/** What the page and the worker of the training say to each other. */

import type { Knobs, Settings } from './settings.js'
import type { Losses } from './training.js'

export interface File {
  readonly name: string
  readonly bytes: Uint8Array
}

/** How the cloud is looked at. */
export interface View {
  /** Radians to the side, and above the horizon. */
  readonly yaw: number
  readonly pitch: number
  /** Distance of the eye from the middle; the box has edges of length 2. */
  readonly far: number
  /** Pixels of the canvas. */
  readonly width: number
  readonly height: number
  /** Red, green and blue from 0 to 1: of the ten digits, of lines, and of the ground. */
  readonly colours: readonly (readonly number[])[]
}

export type ToWorker =
  /** A new training with new weights. */
  | { readonly kind: 'begin'; readonly settings: Settings }
  | { readonly kind: 'knobs'; readonly knobs: Knobs }
  | { readonly kind: 'play'; readonly on: boolean }
  | { readonly kind: 'step' }
  /** Where the reader points to in the plane of codes. */
  | { readonly kind: 'cursor'; readonly at: readonly [number, number] }
  | { readonly kind: 'canvas'; readonly canvas: OffscreenCanvas }
  | { readonly kind: 'view'; readonly view: View }
  /** Grey values of a digit of the reader's own. */
  | { readonly kind: 'own'; readonly pixels: Float32Array<ArrayBuffer> }
  | { readonly kind: 'weights'; readonly file: File }
  | { readonly kind: 'images'; readonly files: readonly File[] }

/** Codes of the test digits, and where they lie. */
export interface Codes {
  /** Numbers in a code. */
  readonly latent: number
  /** x, y, z of each: the code itself if it has two numbers, else its principal components. */
  readonly places: Float32Array
  readonly labels: Uint8Array
  /** Of the plane: from −extent to extent. */
  readonly extent: number
}

export type FromWorker =
  | { readonly kind: 'begun'; readonly latent: number; readonly images: string }
  | {
      readonly kind: 'progress'
      readonly steps: number
      readonly losses: Losses
      /** Since the step before, on average. */
      readonly milliseconds: number
    }
  /** Grey values of the same ten test digits, in rows. */
  | {
      readonly kind: 'pictures'
      readonly originals: Float32Array
      readonly noisy: Float32Array | null
      readonly outputs: Float32Array
    }
  /** Grey values of the test digits whose codes follow. */
  | { readonly kind: 'digits'; readonly pixels: Float32Array }
  | { readonly kind: 'codes'; readonly codes: Codes }
  | { readonly kind: 'decoded'; readonly pixels: Float32Array }
  | {
      readonly kind: 'own'
      readonly code: Float32Array
      readonly output: Float32Array
      /** Mean squared error per pixel, black 0 and white 1. */
      readonly error: number
    }
  /** Something for the reader to know; `wrong` where it did not work. */
  | { readonly kind: 'words'; readonly text: string; readonly wrong: boolean }
