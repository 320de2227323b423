/** Builds the page that teaches: a static folder, learn/dist, that any web server can host. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { chapterTexts } from './shell/markdown.js'
import { contentSecurity } from './shell/security.js'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './', // the folder may lie anywhere below a server's root
  plugins: [chapterTexts, contentSecurity],
  worker: { format: 'es', rolldownOptions: { checks: { pluginTimings: false } } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    assetsInlineLimit: 0, // an inlined picture would need a wider policy
    chunkSizeWarningLimit: 1000, // kB
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
