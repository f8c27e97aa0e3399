/** The types of JSX: which tags and properties there are. A property may be a value, a cell, or a function that is followed. */
import type { Readable } from '../stream.ts'
import type { Child } from './child.ts'

/** A value, or something that is followed. */
export type Followable<T> = T | Readable<T> | (() => T)

type Handle<E, V> = (this: V, event: E & { readonly currentTarget: V }) => unknown

/** Handlers of the events that elements have; `onKeyDown` listens to `keydown`. */
export interface EventProps<V> {
  onClick?: Handle<PointerEvent, V>
  onDblClick?: Handle<MouseEvent, V>
  onContextMenu?: Handle<PointerEvent, V>
  onMouseDown?: Handle<MouseEvent, V>
  onMouseUp?: Handle<MouseEvent, V>
  onMouseEnter?: Handle<MouseEvent, V>
  onMouseLeave?: Handle<MouseEvent, V>
  onPointerDown?: Handle<PointerEvent, V>
  onPointerMove?: Handle<PointerEvent, V>
  onPointerUp?: Handle<PointerEvent, V>
  onPointerCancel?: Handle<PointerEvent, V>
  onKeyDown?: Handle<KeyboardEvent, V>
  onKeyUp?: Handle<KeyboardEvent, V>
  onInput?: Handle<InputEvent, V>
  onBeforeInput?: Handle<InputEvent, V>
  onChange?: Handle<Event, V>
  onSubmit?: Handle<SubmitEvent, V>
  onReset?: Handle<Event, V>
  onInvalid?: Handle<Event, V>
  onFocus?: Handle<FocusEvent, V>
  onBlur?: Handle<FocusEvent, V>
  onFocusIn?: Handle<FocusEvent, V>
  onFocusOut?: Handle<FocusEvent, V>
  onScroll?: Handle<Event, V>
  onWheel?: Handle<WheelEvent, V>
  onLoad?: Handle<Event, V>
  onError?: Handle<Event, V>
  onToggle?: Handle<ToggleEvent, V>
  onBeforeToggle?: Handle<ToggleEvent, V>
  onClose?: Handle<Event, V>
  onCancel?: Handle<Event, V>
  onDragStart?: Handle<DragEvent, V>
  onDragOver?: Handle<DragEvent, V>
  onDrop?: Handle<DragEvent, V>
  onPaste?: Handle<ClipboardEvent, V>
  onCopy?: Handle<ClipboardEvent, V>
  onTransitionEnd?: Handle<TransitionEvent, V>
  onAnimationEnd?: Handle<AnimationEvent, V>
}

type Attribute = string | number | boolean | null | undefined
type Style = Readonly<Record<string, string | number | false | null | undefined>>

/** Attributes that any element has, by their names in HTML; more of them pass as they are. */
export interface CommonProps<V> extends EventProps<V> {
  children?: Child
  /** Called with the element when it is made, before it is in the document. */
  ref?: (element: V) => void
  class?: Followable<string | false | null | undefined>
  style?: Followable<string | Style | null | undefined>
  id?: Followable<string | undefined>
  title?: Followable<string | null | undefined>
  hidden?: Followable<boolean | 'until-found' | undefined>
  tabindex?: Followable<number | string | undefined>
  role?: Followable<string | null | undefined>
  lang?: Followable<string | undefined>
  dir?: Followable<string | undefined>
  innerHTML?: Followable<string>
  textContent?: Followable<string>
  [aria: `aria-${string}`]: Followable<Attribute>
  [data: `data-${string}`]: Followable<Attribute>
}

/** What a tag's own properties accept, when there is no narrower type here. */
type LooseProps = { readonly [name: string]: unknown }

/** Properties that are followed with the type that the element itself gives them. */
type OwnProps<V> = {
  [K in Extract<keyof V, StateNames>]?: Followable<V[K] | null | undefined>
}
type StateNames = 'value' | 'checked' | 'selected' | 'indeterminate' | 'muted' | 'disabled' | 'open'

/** Attributes of form controls, links, media and tables, by their names in HTML. */
type AttributeNames =
  | 'accept'
  | 'action'
  | 'allow'
  | 'alt'
  | 'async'
  | 'autocapitalize'
  | 'autocomplete'
  | 'autofocus'
  | 'closedby'
  | 'cols'
  | 'colspan'
  | 'contenteditable'
  | 'controls'
  | 'datetime'
  | 'dirname'
  | 'download'
  | 'draggable'
  | 'enctype'
  | 'enterkeyhint'
  | 'for'
  | 'form'
  | 'formaction'
  | 'formnovalidate'
  | 'headers'
  | 'height'
  | 'high'
  | 'href'
  | 'hreflang'
  | 'inert'
  | 'inputmode'
  | 'label'
  | 'list'
  | 'loading'
  | 'loop'
  | 'low'
  | 'max'
  | 'maxlength'
  | 'method'
  | 'min'
  | 'minlength'
  | 'multiple'
  | 'name'
  | 'novalidate'
  | 'optimum'
  | 'pattern'
  | 'placeholder'
  | 'popover'
  | 'popovertarget'
  | 'popovertargetaction'
  | 'readonly'
  | 'rel'
  | 'required'
  | 'rows'
  | 'rowspan'
  | 'scope'
  | 'size'
  | 'sizes'
  | 'span'
  | 'spellcheck'
  | 'src'
  | 'srcset'
  | 'start'
  | 'step'
  | 'target'
  | 'translate'
  | 'type'
  | 'width'
  | 'wrap'

type AttributeProps = { [K in AttributeNames]?: Followable<Attribute> }

type ElementProps<V> = CommonProps<V> & AttributeProps & OwnProps<V>

export type IntrinsicElements = {
  [K in keyof HTMLElementTagNameMap]: ElementProps<HTMLElementTagNameMap[K]>
} & {
  [K in Exclude<keyof SVGElementTagNameMap, keyof HTMLElementTagNameMap>]: CommonProps<
    SVGElementTagNameMap[K]
  > &
    LooseProps
}
