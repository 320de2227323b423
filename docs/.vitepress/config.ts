/** The documentation as a site: `npm run dev` and `npm run build` in docs/. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import reference from '../reference/typedoc-sidebar.json' with { type: 'json' }

export default defineConfig({
  title: 'kernelgrad',
  description: 'Tensors, autograd and hand-written WebGPU kernels in TypeScript',
  lang: 'en',
  base: process.env.BASE ?? '/',
  cleanUrls: true,
  metaChunk: true,
  // docstrings have braces, and types in angle brackets
  markdown: { attrs: { disable: true }, config: md => void md.set({ html: false }) },
  srcExclude: ['node_modules', 'llms-head.md'],
  // pages link to sources, which are not part of the site
  ignoreDeadLinks: [
    /\.\.\/(pretrained|src|test|bench|examples|CONTRIBUTING|CHANGELOG|scripts)/,
    /\/src\//,
  ],
  vite: { server: { fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] } } },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Guides', link: '/guides/from-pytorch' },
      { text: 'How it works', link: '/architecture' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: {
      '/reference/': [{ text: 'Reference', items: reference }],
      '/': [
        {
          text: 'Guides',
          items: [
            { text: 'From PyTorch', link: '/guides/from-pytorch' },
            { text: 'The command line', link: '/guides/command-line' },
            { text: 'Your own data', link: '/guides/own-data' },
            { text: 'Your own op and kernel', link: '/guides/custom-kernel' },
            { text: 'Compiled steps', link: '/guides/compile' },
            { text: 'Checkpoints', link: '/guides/checkpoints' },
            { text: 'Fine-tuning', link: '/guides/fine-tuning' },
            { text: 'Looking at the tape', link: '/guides/explain' },
            { text: 'Browsers and workers', link: '/guides/browsers' },
            { text: 'Without a GPU', link: '/guides/no-gpu' },
          ],
        },
        {
          text: 'How it works',
          items: [
            { text: 'Architecture', link: '/architecture' },
            { text: 'What a step costs', link: '/performance' },
            { text: 'The same bits everywhere', link: '/determinism' },
            { text: 'What is promised', link: '/reliability' },
            { text: 'Adapters', link: '/adapters' },
            { text: 'Dawn', link: '/dawn' },
            { text: 'PyTorch’s names', link: '/coverage' },
          ],
        },
        { text: 'Reference', link: '/reference/' },
      ],
    },
  },
})
