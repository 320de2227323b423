/** What the built page may load: its own files, and nothing from elsewhere. */
import type { Plugin } from 'vite'

/** A reader's exercise runs as a module of its own, from a blob; nothing else is made at run time. */
const policy = [
  "default-src 'none'",
  "script-src 'self' blob:",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Adds the policy to the page. Only when it is built: Vite's own server adds inline styles. */
export const contentSecurity: Plugin = {
  name: 'content-security',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
        injectTo: 'head-prepend',
      },
    ],
  },
}
