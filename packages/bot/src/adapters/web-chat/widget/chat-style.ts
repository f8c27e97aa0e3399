/** How the widget looks: light and dark by the page's scheme, no colour that a page can't change through custom properties. */
export const style = `
:host { --accent: var(--typestead-chat-accent, #0b57d0); --on-accent: var(--typestead-chat-on-accent, #fff);
  --ground: #fff; --text: #1b1c1f; --soft: #eef1f6; --line: #c9cfd9; --faint: #59606c; --warn: #a4001d;
  color-scheme: light dark; position: fixed; right: 16px; bottom: 16px; z-index: 1000;
  font: 15px/1.45 system-ui, sans-serif; color: var(--text) }
@media (prefers-color-scheme: dark) { :host { --accent: var(--typestead-chat-accent, #8ab4f8);
  --on-accent: var(--typestead-chat-on-accent, #10223f); --ground: #1c1e22; --text: #e8eaee; --soft: #2b2f36;
  --line: #4a505a; --faint: #a9b0bb; --warn: #ffb3b8 } }
:host([inline]) { position: static; display: block; height: 100% }
:host([inline]) .launch, :host([inline]) .shut { display: none }
:host([inline]) .panel { width: auto; height: 100%; min-height: 320px; max-height: none; box-shadow: none }
* { box-sizing: border-box; font: inherit; color: inherit }
[hidden] { display: none !important }
button { cursor: pointer; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); padding: 6px 12px; min-height: 36px }
button:disabled { opacity: .55; cursor: default }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.launch, .send { background: var(--accent); color: var(--on-accent); border-color: transparent; font-weight: 600 }
.launch { border-radius: 24px; padding: 10px 20px; box-shadow: 0 2px 10px #0004; float: right }
.panel { display: flex; flex-direction: column; width: min(380px, calc(100vw - 32px)); height: min(560px, calc(100vh - 32px));
  background: var(--ground); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; box-shadow: 0 8px 30px #0005 }
header { display: flex; align-items: center; gap: 8px; padding: 10px 14px; border-bottom: 1px solid var(--line) }
h2 { margin: 0; flex: 1; font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.state { font-size: 13px; color: var(--faint) }
.state.bad { color: var(--warn) }
.log { flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 8px; overscroll-behavior: contain }
.empty { margin: auto; color: var(--faint); text-align: center; max-width: 26ch }
.one { max-width: 85%; display: flex; flex-direction: column; gap: 4px; align-self: flex-start }
.one.visitor { align-self: flex-end; align-items: flex-end }
.one p, .card { margin: 0; padding: 8px 12px; border-radius: 12px; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere }
.one.visitor p { background: var(--accent); color: var(--on-accent) }
.note { font-size: 12px; color: var(--faint) }
.one.failed .note { color: var(--warn) }
.card { display: flex; flex-direction: column; gap: 6px; border: 1px solid var(--line); background: var(--ground) }
.card b { font-weight: 650 }
.card img { max-width: 100%; border-radius: 8px }
.card a { color: var(--accent) }
.choices { display: flex; flex-wrap: wrap; gap: 6px }
.typing { padding: 0 14px 6px; font-size: 13px; color: var(--faint); min-height: 24px }
.more { align-self: center; margin: -44px 0 8px; border-radius: 18px; box-shadow: 0 2px 8px #0003 }
form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid var(--line); align-items: flex-end }
textarea { flex: 1; resize: none; min-height: 38px; max-height: 120px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--ground); field-sizing: content }
.name { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (max-width: 420px) { :host(:not([inline])) { right: 8px; bottom: 8px } .panel { width: calc(100vw - 16px); height: calc(100dvh - 16px) } }
`
