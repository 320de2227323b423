/**
 * The names in a WGSL source, read by the TypeScript compiler from the text itself, so that a
 * launch with a wrong name does not compile. A source that is no literal has any names.
 */

/** Without line comments. */
type Code<S extends string, Done extends string = ''> = S extends `${infer A}//${infer B}`
  ? B extends `${string}\n${infer C}`
    ? Code<C, `${Done}${A}\n`>
    : `${Done}${A}`
  : `${Done}${S}`

type Trim<S extends string> = S extends ` ${infer R}` | `\n${infer R}` | `\t${infer R}`
  ? Trim<R>
  : S extends `${infer R} ` | `${infer R}\n` | `${infer R}\t`
    ? Trim<R>
    : S

type Storage<
  S extends string,
  Found = never,
> = S extends `${string}var<storage${string}>${infer Name}:${infer Rest}`
  ? Storage<Rest, Found | Trim<Name>>
  : Found

type Members<S extends string, Found = never> = S extends `${infer Name}:${infer Rest}`
  ? Rest extends `${string},${infer Next}`
    ? Members<Next, Found | Trim<Name>>
    : Found | Trim<Name>
  : Found

type Struct<S extends string> = S extends `${string}var<uniform>${string}:${infer Type};${string}`
  ? S extends `${string}struct ${Trim<Type>}${infer Body}}${string}`
    ? Body extends `${string}{${infer Inside}`
      ? Inside
      : never
    : never
  : never

type Overrides<
  S extends string,
  Found = never,
> = S extends `${string}override ${infer Name}:${infer Rest}`
  ? Overrides<Rest, Found | Trim<Name>>
  : Found

type Functions<
  S extends string,
  Found = never,
> = S extends `${string}@compute${string}fn ${infer Name}(${infer Rest}`
  ? Functions<Rest, Found | Trim<Name>>
  : Found

/** Of all buffers. */
export type BufferNames<W extends string> = string extends W ? string : Storage<Code<W>>

/** Of the params that a launch must give: those of the uniform struct, without tensors' offsets. */
export type ParamNames<W extends string> = string extends W
  ? string
  : Exclude<Members<Struct<Code<W>>>, `${BufferNames<W>}_offset`>

export type ConstantNames<W extends string> = string extends W ? string : Overrides<Code<W>>

export type EntryNames<W extends string> = string extends W ? string : Functions<Code<W>>
