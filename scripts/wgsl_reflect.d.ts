// The package's `main` is not a module that Node can import; its `module` file is, but has no types of its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect'
}
