// What is known of one thing: names on the left, values on the right.

export type Fact = { label: string; value: string }

export function FactList({ facts }: { facts: Fact[] }) {
  return (
    <dl className="fact-list">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="num">{value === '' ? '—' : value}</dd>
        </div>
      ))}
    </dl>
  )
}
