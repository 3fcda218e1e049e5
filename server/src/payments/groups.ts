/** Names by group: which slots a number has, which payments. A batch asks for one group among hundreds. */
export type Groups = Map<string, Set<string>>

export function groupBy<Value>(
  values: Iterable<Value>,
  groupOf: (value: Value) => string,
  nameOf: (value: Value) => string,
): Groups {
  const groups: Groups = new Map()
  for (const value of values) addTo(groups, groupOf(value), nameOf(value))
  return groups
}

export function addTo(groups: Groups, group: string, name: string): void {
  const names = groups.get(group)
  if (names) names.add(name)
  else groups.set(group, new Set([name]))
}
