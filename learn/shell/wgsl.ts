/** The words of WGSL, for the editor. */
import type { StringStream } from '@codemirror/language'
import { clike } from '@codemirror/legacy-modes/mode/clike'

const words = (text: string) => Object.fromEntries(text.split(' ').map(word => [word, true]))

export const wgsl = clike({
  name: 'wgsl',
  keywords: words(
    'alias break case const const_assert continue continuing default diagnostic discard else ' +
      'enable fn for if import let loop override requires return struct switch var while',
  ),
  blockKeywords: words('case else for if loop struct switch while fn'),
  types: words(
    'array atomic bool f16 f32 i32 u32 vec2 vec2f vec2h vec2i vec2u vec3 vec3f vec3h vec3i vec3u ' +
      'vec4 vec4f vec4h vec4i vec4u mat2x2f mat3x3f mat4x4f ptr storage read read_write ' +
      'workgroup private function uniform',
  ),
  atoms: words('true false'),
  number: /^(?:0x[\da-f]+[iu]?|\d+\.?\d*(?:e[-+]?\d+)?[fhiu]?|\.\d+(?:e[-+]?\d+)?[fh]?)/i,
  hooks: {
    '@': (stream: StringStream) => {
      stream.eatWhile(/\w/)
      return 'meta'
    },
  },
})
