/** `node scripts/pictures/shop-icons.ts`: the PNG icons of the shop, drawn from its `icon.svg` by Chromium. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findTool } from '../tools.ts'

const at = (name: string) =>
  fileURLToPath(new URL(`../../apps/bookstore/shop/public/${name}`, import.meta.url))
const svg = readFileSync(at('icon.svg'), 'utf8')
const icons = [
  { name: 'icon-192.png', size: 192, svg },
  { name: 'icon-512.png', size: 512, svg },
  // Maskable: the ground reaches every edge, the drawing stays in the middle four fifths.
  {
    name: 'icon-maskable-512.png',
    size: 512,
    svg: svg
      .replace('rx="28"', 'x="-16" y="-16" width="160" height="160"')
      .replace(' width="128" height="128"', '')
      .replace('viewBox="0 0 128 128"', 'viewBox="-12 -12 152 152"'),
  },
]

const executablePath = findTool('chromium')
if (executablePath === null) {
  process.stderr.write('shop-icons: there is no Chromium here; "npm run setup" installs it\n')
  process.exit(1)
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  for (const { name, size, svg: drawing } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${drawing}`,
    )
    await page.screenshot({ path: at(name), omitBackground: true })
    await page.close()
  }
} finally {
  await browser.close()
}
