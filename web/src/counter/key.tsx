// A key on its button, for eyes; readers are told by `aria-keyshortcuts`.

export function Key({ children }: { children: string }) {
  return (
    <span className="key" aria-hidden="true">
      {children}
    </span>
  )
}
