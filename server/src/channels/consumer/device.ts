/** What a person calls the device that signs in, from what its browser says of itself. Only for people to read. */
const systems = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/HarmonyOS/, 'HarmonyOS'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
] as const
/** Each browser also names those it is like: the rarest name comes first. */
const browsers = [
  [/MicroMessenger/, 'WeChat'],
  [/Edg/, 'Edge'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
] as const

export function deviceOf(userAgent: string | undefined): string {
  const said = userAgent ?? ''
  const named = [browsers, systems].map((names) => names.find(([mark]) => mark.test(said))?.[1])
  return named.filter((name) => name !== undefined).join(' · ') || '?'
}
