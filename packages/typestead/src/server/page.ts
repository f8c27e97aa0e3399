/** Pages for people: one plain, good-looking HTML frame without JavaScript; light or dark as the system says. */

/** Text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** @param body HTML; everything that comes from outside must have gone through `escapeHtml` */
export function page(title: string, body: string, status = 200): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
  return new Response(html, { status, headers: pageHeaders })
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2430, #e6e9ef); --soft: light-dark(#566072, #a3adbd);
  --paper: light-dark(#f6f7f9, #14171c); --card: light-dark(#fff, #1c2129); --line: light-dark(#dde1e8, #313946);
  --accent: light-dark(#1f5fbf, #8ab8ff); --on-accent: light-dark(#fff, #10141a); --bad: light-dark(#a8201a, #ff9d94); --good: light-dark(#1c6b3c, #7fd6a2) }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem }
main.narrow { max-width: 24rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem }
h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem }
p { margin: .4rem 0; color: var(--soft) }
a { color: var(--accent) }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; overflow: hidden }
.card.pad { padding: 1.25rem }
table { width: 100%; border-collapse: collapse }
th, td { text-align: left; vertical-align: top; padding: .55rem 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere }
tr:first-child > * { border-top: 0 }
th { font-weight: 600; width: 38% }
td { color: var(--soft) }
code { font: .9em ui-monospace, monospace }
label { display: block; font-weight: 600; margin: 1rem 0 .3rem }
input { width: 100%; padding: .6rem .7rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .45rem }
button { margin-top: 1.4rem; width: 100%; padding: .65rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .45rem; cursor: pointer }
.error { color: var(--bad); border-left: 3px solid var(--bad); padding-left: .8rem }
.good { color: var(--good) } .bad { color: var(--bad) }
`
