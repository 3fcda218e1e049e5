// What each hard key of the feature phone does on each screen.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { erase, press, replaceText, switchMode } from './multi-tap.ts'
import type { Handset } from './use-handset.ts'

export type SoftKey = { label: string; act: () => void } | null

export type FeaturePhoneKeys = {
  left: SoftKey
  middle: SoftKey
  right: SoftKey
  /** The name of the view, so that the focus can follow a change of screen. */
  screen: string
  selected: number
  menu: { label: string; act: () => void }[]
  field: 'to' | 'text'
  setField: (field: 'to' | 'text') => void
  choose: (index: number) => void
  move: (step: 1 | -1) => void
  home: () => void
  /** A key of the pad: several presses may make one letter. */
  pressKey: (key: string) => void
  /** A character of a real keyboard while no field has the focus. */
  typeCharacter: (character: string) => void
}

export function useFeaturePhone(handset: Handset): FeaturePhoneKeys {
  const { t } = useTranslation('demo')
  const [selected, setSelected] = useState(0)
  const [field, setField] = useState<'to' | 'text'>('text')
  const { view, threads, thread, typing, to } = handset

  const go = (change: () => void) => {
    setSelected(0)
    setField('text')
    change()
  }
  const inbox = () => go(() => handset.show({ name: 'inbox' }))
  const write = () => go(handset.write)
  const answer = () => {
    if (view.name === 'thread') go(() => handset.answer(view.peer))
  }
  const open = (index: number) => {
    const chosen = threads[index]
    if (chosen) go(() => handset.show({ name: 'thread', peer: chosen.peer }))
  }
  const back = () =>
    thread ? go(() => handset.show({ name: 'thread', peer: thread.peer })) : inbox()
  const clear = () => {
    if (field === 'to') handset.setTo(to.slice(0, -1))
    else handset.setTyping(erase)
  }
  const menu = [
    { label: t('handset.write'), act: write },
    { label: t('handset.inbox'), act: inbox },
    { label: t('handset.bill'), act: () => go(() => handset.show({ name: 'bill' })) },
  ]
  const options: SoftKey = {
    label: t('handset.menu'),
    act: () => go(() => handset.show({ name: 'menu' })),
  }
  const toInbox: SoftKey = { label: t('handset.back'), act: inbox }
  const choose = (index: number) => (view.name === 'menu' ? menu[index]?.act() : open(index))

  const softKeys = (): { left: SoftKey; middle: SoftKey; right: SoftKey } => {
    switch (view.name) {
      case 'inbox':
        return {
          left: options,
          middle:
            threads.length > 0 ? { label: t('handset.open'), act: () => open(selected) } : null,
          right: { label: t('handset.write'), act: write },
        }
      case 'thread':
        return {
          left: options,
          middle: { label: t('handset.reply'), act: answer },
          right: toInbox,
        }
      case 'write': {
        const edited = field === 'to' ? to : typing.text
        return {
          left: options,
          middle: {
            label: t(handset.sending ? 'handset.sending' : 'handset.send'),
            act: () => {
              const ready = !handset.sending && to !== '' && typing.text.trim() !== ''
              if (ready) void handset.send({ to, text: typing.text })
            },
          },
          right:
            edited === ''
              ? { label: t('handset.back'), act: back }
              : { label: t('handset.erase'), act: clear },
        }
      }
      case 'menu':
        return {
          left: null,
          middle: { label: t('handset.choose'), act: () => menu[selected]?.act() },
          right: toInbox,
        }
      case 'bill':
        return { left: options, middle: null, right: toInbox }
    }
  }

  const move = (step: 1 | -1) => {
    if (view.name === 'write') setField(view.answering || step > 0 ? 'text' : 'to')
    const count = view.name === 'menu' ? menu.length : threads.length
    setSelected((index) => Math.min(Math.max(0, index + step), Math.max(0, count - 1)))
  }
  const pressKey = (key: string) => {
    if (view.name === 'menu') return choose(Number(key) - 1)
    if (view.name === 'thread') answer()
    else if (view.name !== 'write') write()
    if (view.name === 'write' && field === 'to') return handset.setTo(to + key)
    const at = performance.now()
    handset.setTyping((last) => (key === '#' ? switchMode(last) : press(last, { key, at })))
  }
  const typeCharacter = (character: string) => {
    if (view.name === 'menu') return choose(Number(character) - 1)
    if (view.name === 'thread') answer()
    else if (view.name !== 'write') write()
    handset.setTyping((last) => replaceText(last, last.text + character))
  }
  return {
    ...softKeys(),
    screen: view.name,
    selected,
    menu,
    field,
    setField,
    choose,
    move,
    home: inbox,
    pressKey,
    typeCharacter,
  }
}
