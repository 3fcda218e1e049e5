// One line of a form. What is wrong with it is said after the first try, under it, and read out with it.
import type { InputHTMLAttributes, ReactNode, Ref } from 'react'

type Properties = Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> & {
  id: string
  label: string
  hint?: string
  complaint?: string
  end?: ReactNode
  reference?: Ref<HTMLInputElement>
}

export function Field({ id, label, hint, complaint = '', end, reference, ...input }: Properties) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={complaint === '' ? 'box' : 'box box-bad'}>
        <input
          autoComplete="off"
          spellCheck={false}
          {...input}
          id={id}
          ref={reference}
          aria-invalid={complaint !== ''}
          aria-describedby={`${id}-note`}
        />
        {end}
      </div>
      <p className={complaint === '' ? 'note' : 'note note-bad'} id={`${id}-note`}>
        {complaint || hint}
      </p>
    </div>
  )
}
