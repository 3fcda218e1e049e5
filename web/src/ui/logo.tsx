// The mark: a SIM card closed by a purse flap with a brass clasp.

export function Logo({ size }: { size: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 48 48" aria-hidden="true">
      <path
        d="M13 5h17.2a4 4 0 0 1 2.8 1.2l6.8 6.8a4 4 0 0 1 1.2 2.8V38a5 5 0 0 1-5 5H13a5 5 0 0 1-5-5V10a5 5 0 0 1 5-5Z"
        fill="var(--logo-body,#6D2E5F)"
      />
      <path
        d="M8 20.5c6.2 6.4 26.8 6.4 33 0"
        fill="none"
        stroke="var(--logo-line,#fff)"
        strokeWidth="2.4"
      />
      <circle cx="24.5" cy="25.3" r="5.6" fill="var(--logo-line,#fff)" />
      <circle cx="24.5" cy="25.3" r="3.4" fill="var(--logo-clasp,#BA8024)" />
    </svg>
  )
}
