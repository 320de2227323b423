/** Error messages that say what to install. */
const installPackaged =
  'run `npm install --save-dev @sparticuz/chromium@147 tar-fs` (Linux on x86-64, no root needed)'

/** How to install lavapipe. */
export const installLavapipe =
  'on Debian 13 or Ubuntu 24.04 run `apt install mesa-vulkan-drivers`, ' +
  'on Debian 12 the same with `-t bookworm-backports` (Mesa 24 or newer; 22.3 is too old)'

/** Why there is no card that is not there, although its layer was built. */
export const noGhost =
  'RADV makes no such card that Dawn accepts; names are those of Mesa: navi31, navi21, …; ' +
  'Mesa 26 makes none at all, Mesa 25 does'

/** The message of an error when there is no adapter of the wanted kind. */
export function noAdapter(wanted: string | undefined, drivers: string): string {
  if (wanted === 'gpu')
    return (
      'no GPU found: KERNELGRAD_ADAPTER asks for one; install its Vulkan driver, ' +
      'or unset the variable to compute in software'
    )
  if (wanted === 'swiftshader')
    return `no SwiftShader: it comes with two npm packages; ${installPackaged}`
  if (wanted === 'lavapipe') return `no lavapipe that Dawn accepts; ${installLavapipe}`
  if (process.platform !== 'linux')
    return 'no GPU adapter: tried the system\u2019s own graphics; update its driver'
  return (
    `no GPU adapter: tried ${drivers} and the packaged SwiftShader; ${installPackaged}; ` +
    `or, faster: ${installLavapipe}; or, fastest: a GPU\u2019s Vulkan driver`
  )
}

/** The message of an error when the package webgpu, which is Dawn, cannot be loaded. */
export function noDawn(error: Error & { code?: string }): string {
  const [words] = error.message.split('\n')
  if (/^Cannot find (package|module) 'webgpu'/.test(words))
    return 'this runtime has no WebGPU of its own: run `npm install webgpu`'
  return (
    `the package webgpu does not load on ${process.platform} ${process.arch}: ${words}; ` +
    'run `npm install webgpu` again, and leave webgpu external if you bundle for Node; ' +
    'it is built for Linux with glibc, macOS and Windows'
  )
}
