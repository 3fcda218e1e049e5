// One of a few, side by side.
import { useId } from 'react'
import './choice.css'

type Properties<Value extends string> = {
  legend: string
  values: readonly (readonly [value: Value, word: string])[]
  chosen: Value
  onChoose: (value: Value) => void
}

export function Choice<Value extends string>(properties: Properties<Value>) {
  const { legend, values, chosen, onChoose } = properties
  const name = useId()
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      <div>
        {values.map(([value, word]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            <span>{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
