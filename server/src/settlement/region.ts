/**
 * Telephone area codes by province, for the older statement layout: the code of the province's
 * capital, written without its leading zero except Beijing's. Keys are the first two digits of
 * GB/T 2260; the codes are the public numbering plan's.
 */
const areaCodes: Readonly<Record<string, string>> = {
  11: '010',
  12: '22',
  13: '311',
  14: '351',
  15: '471',
  21: '24',
  22: '431',
  23: '451',
  31: '21',
  32: '25',
  33: '571',
  34: '551',
  35: '591',
  36: '791',
  37: '531',
  41: '371',
  42: '27',
  43: '731',
  44: '20',
  45: '771',
  46: '898',
  50: '23',
  51: '28',
  52: '851',
  53: '871',
  54: '891',
  61: '29',
  62: '931',
  63: '971',
  64: '951',
  65: '991',
}

/** Empty for a region we do not know. */
export const areaCodeOf = (region: string): string => areaCodes[region.slice(0, 2)] ?? ''
