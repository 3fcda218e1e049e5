// A real keyboard works the feature phone while the focus is anywhere inside it.
import { type RefObject, useEffect, useRef } from 'react'
import type { FeaturePhoneKeys } from './use-feature-phone.ts'

export function useKeyboard(phone: RefObject<HTMLElement | null>, keys: FeaturePhoneKeys): void {
  // The listener is set once; it must still see the screen of the moment a key is pressed.
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    const element = phone.current
    if (!element) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (handle(event, current.current)) event.preventDefault()
    }
    element.addEventListener('keydown', onKeyDown)
    return () => element.removeEventListener('keydown', onKeyDown)
  }, [phone])
  useKeptFocus(phone, keys.screen)
}

/** When a new screen takes away the element that had the focus, the phone itself gets it. */
function useKeptFocus(phone: RefObject<HTMLElement | null>, screen: string): void {
  const working = useRef(false)
  useEffect(() => {
    const note = (event: Event) => {
      working.current =
        event.target instanceof Node && Boolean(phone.current?.contains(event.target))
    }
    document.addEventListener('focusin', note)
    document.addEventListener('pointerdown', note)
    return () => {
      document.removeEventListener('focusin', note)
      document.removeEventListener('pointerdown', note)
    }
  }, [phone])
  useEffect(() => {
    const lost = document.activeElement === document.body
    if (screen && working.current && lost) phone.current?.focus()
  }, [phone, screen])
}

/** True when the phone took the key, so that the browser does nothing more with it. */
function handle(event: KeyboardEvent, keys: FeaturePhoneKeys): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
  const { target, key } = event
  const inField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  const onButton = target instanceof HTMLButtonElement
  if (key === 'Enter' && inField) {
    keys.middle?.act()
    return true
  }
  if (key === 'Escape') {
    keys.home()
    return true
  }
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    keys.move(key === 'ArrowUp' ? -1 : 1)
    return !inField
  }
  if (inField || (onButton && (key === ' ' || key === 'Enter'))) return false
  if (key === 'Backspace') {
    keys.right?.act()
    return true
  }
  if ([...key].length !== 1) return false
  keys.typeCharacter(key)
  return true
}
