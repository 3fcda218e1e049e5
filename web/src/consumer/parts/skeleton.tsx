// The shape of what is coming, shown only when it does not come at once.

export function Skeleton({ rows }: { rows: number }) {
  const places = Array.from({ length: rows }, (_, place) => place)
  return (
    <div className="skeleton card" aria-hidden="true">
      {places.map((place) => (
        <div key={place} className="skeleton-row">
          <i />
          <span />
          <b />
        </div>
      ))}
    </div>
  )
}
