// Points as people read them: whole, with commas, and never with the sign of money.

/** `1234567` as `1,234,567`; the minus is U+2212, as wide as a plus. */
export const formatPoints = (points: string): string =>
  points.replace('-', '−').replace(/\B(?=(\d{3})+$)/g, ',')
